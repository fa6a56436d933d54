#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# The examples of Get-Help and of the README. Each runs as it is written.

BeforeDiscovery {
    $repository = Split-Path (Split-Path $PSScriptRoot)
    $module = Import-Module ([System.IO.Path]::Combine($repository, 'out', 'QwenEdit', 'QwenEdit.psd1')) -PassThru
    $cmdlets = foreach ($cmdlet in $module.ExportedCmdlets.Keys | Sort-Object) {
        @{
            Cmdlet   = $cmdlet
            Examples = @(foreach ($example in (Get-Help $cmdlet -Examples).examples.example) {
                    @{ Title = $example.title.Trim('-', ' '); Code = $example.code }
                })
        }
    }

    $readme = Get-Content (Join-Path $repository 'README.md') -Raw -Encoding utf8
    $chapter = [regex]::Match($readme, '(?ms)^## Examples\r?\n(.*?)^## ').Groups[1].Value
    $blocks = @(foreach ($match in [regex]::Matches($chapter, '(?ms)^\*\*(.+?)[.,]?\*\*.*?^```powershell\r?\n(.*?)^```')) {
            @{ Title = $match.Groups[1].Value; Code = $match.Groups[2].Value }
        })
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'Session.ps1')

    # A location with some images and a table of edits.
    function New-ExampleFolder {
        Reset-Session
        New-Image 'sale.png', 'summer.png', 'harbour.jpg', 'jazz.jpg'
        Set-Content edits.csv -Encoding utf8 @'
Path,Prompt,Seed
sale.png,"Change '早茶' to '晚茶', and 'MORNING' to 'EVENING'",
harbour.jpg,Make it night,42
'@
    }

    # What an example can change: files, the service's jobs, the journal.
    function Get-State {
        @(
            Get-RelativeFile
            @((Get-Ledger).jobs).Count
            Get-QwenEditJob | ForEach-Object { "$($_.EditId) $($_.Status)" }
            @(Get-QwenEditRun).Count
        ) -join "`n"
    }

    # Runs an example, and returns what is on the screen.
    function Invoke-Example([string] $Code) {
        # A script of its own: `exit` ends the example alone.
        $file = Join-Path $TestDrive 'example.ps1'
        [System.IO.File]::WriteAllText($file, $Code, [System.Text.UTF8Encoding]::new($true))
        # Nobody is there to confirm.
        $ConfirmPreference = 'None'
        Get-Screen {
            Set-StrictMode -Off
            & $file
        }
    }
}
AfterAll { Stop-Session }

Describe 'The examples of <Cmdlet>' -Tag 'Example' -ForEach $cmdlets {
    # A journal with an edit that was received, one that is at the service, and one that failed.
    BeforeEach {
        New-ExampleFolder
        $null = Invoke-QwenImageEdit sale.png 'Make it red' -DestinationPath red
        $job = Submit-QwenImageEdit harbour.jpg 'Make it red' -DestinationPath red
        $null = Invoke-QwenImageEdit summer.png 'emulate:fail' -DestinationPath red -ErrorAction Ignore
        # Cmdlets that list have one to list for each state; to the others it would be an error to report.
        if ($Cmdlet -like 'Get-*') {
            $null = Invoke-Emulator faults @{ kind = 'reset-after-accepting'; route = 'submit'; next = 1 }
            $null = Invoke-QwenImageEdit jazz.jpg 'Make it red' -DestinationPath red -ErrorAction Ignore
        }
    }

    It '<Title>' -ForEach $Examples {
        $Code | Should -Match $Cmdlet
        $example = $Code -replace '0b8e2f4c-5d1a-4c7e-9f36-a1d2c3b4e5f6', $job.RequestId
        $before = Get-State

        $screen = Invoke-Example $example

        if ($Code -match '-WhatIf') {
            $screen | Should -Match 'What if: '
            Get-State | Should -Be $before
        }
        elseif ((Get-State) -eq $before) {
            $screen.Trim() | Should -Not -BeNullOrEmpty -Because 'an example does something that can be seen'
        }
    }
}

Describe 'The examples of the README' -Tag 'Example' {
    BeforeEach { New-ExampleFolder }

    It '<Title>' -ForEach $blocks {
        $screen = Invoke-Example $Code

        $screen | Should -Match 'Received'
        $results = @(Get-QwenEditJob)
        $results.Status | Should -Be (@('Received') * $results.Count)
        $results.Destination | Should -Exist
    }
}

Describe 'The scheduled task of the README' -Tag 'Example' {
    It 'exits with <Code>: <Case>' -ForEach @(
        @{ Case = 'both runs are done'; Code = 0; Fault = $null }
        @{ Case = 'an earlier edit has an unknown outcome'; Code = 20; Fault = 'reset-after-accepting' }
    ) {
        New-ExampleFolder
        if ($Fault) { $null = Invoke-Emulator faults @{ kind = $Fault; route = 'submit'; next = 1 } }
        $null = Invoke-QwenImageEdit jazz.jpg 'Make it red' -DestinationPath red -ErrorAction Ignore
        $readme = Get-Content (Join-Path $repository 'README.md') -Raw -Encoding utf8
        $script = [regex]::Match($readme, '(?s)\*\*A scheduled task\..*?```powershell\r?\n(.+?)```').Groups[1].Value

        (Invoke-Shell $script).ExitCode | Should -Be $Code
        (Get-QwenEditRun -Last 1).ExitCode | Should -Be 0
    }
}
