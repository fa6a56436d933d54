#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# What a scheduled task sees: each script runs in a shell of its own, as `pwsh -File`. docs/exit-codes.md has the table.

BeforeAll {
    . (Join-Path $PSScriptRoot 'Session.ps1')

    # The script of a task, with some parameters of its own.
    function Get-TaskScript([string] $Parameter = '', [string] $Prompt = 'Proof', [string] $Destination = 'done') {
        "Get-ChildItem *.png | Invoke-QwenImageEdit -Prompt '$Prompt' -DestinationPath $Destination -PollIntervalSec 0.1 -RunVariable run $Parameter`n" +
        'exit $run.ExitCode'
    }
}
AfterAll { Stop-Session }

Describe 'The exit code of a scheduled task' -Tag 'ExitCode' {
    BeforeEach {
        Reset-Session
        New-Image 'a.png', 'b.png'
    }

    It 'is 0 when all images are there, also when they were there before' {
        (Invoke-Shell (Get-TaskScript)).ExitCode | Should -Be 0
        $again = Invoke-Shell (Get-TaskScript)

        $again.ExitCode | Should -Be 0
        $again.Error | Should -BeNullOrEmpty
        @((Get-Ledger).jobs) | Should -HaveCount 2
        Get-QwenEditRun | ForEach-Object { "$($_.Received) received, $($_.Skipped) skipped" } | Should -Be '2 received, 0 skipped', '0 received, 2 skipped'
    }

    It 'is <Code> for <Name>' -ForEach @(
        @{ Code = 1; Name = 'a job that failed'; Script = @{ Prompt = 'emulate:fail' }; Stop = $null }
        @{ Code = 1; Name = 'a file that is no image'; File = 'c.png'; Stop = $null }
        @{ Code = 5; Name = 'a service that is down'; Script = @{ Parameter = '-MaximumRetryCount 0' }; Stop = $null
            Fault = @{ kind = 'answer'; route = 'submit'; status = 503 } }
        @{ Code = 5; Name = 'a job that took too long'; Script = @{ Parameter = '-TimeoutSec 1'; Prompt = 'emulate:processing' }; Stop = $null }
        @{ Code = 7; Name = 'a refused key'; Fault = @{ kind = 'answer'; route = 'submit'; status = 401; body = @{ error = 'The API key has expired' } }
            Stop = 'Authorization' }
        @{ Code = 7; Name = 'no credits'; Script = @{ Prompt = 'emulate:cost=1000' }; Stop = 'Credits' }
        @{ Code = 8; Name = 'a cap that was reached'; Script = @{ Parameter = '-MaxCost 0.02' }; Stop = 'MaxCost' }
        @{ Code = 20; Name = 'an outcome that nobody knows'; Fault = @{ kind = 'reset-after-accepting'; route = 'submit' }; Stop = $null }
    ) {
        if (Test-Path Variable:Fault) { $null = Invoke-Emulator faults $Fault }
        if (Test-Path Variable:File) { Set-Content $File 'a text' }
        $parameters = if (Test-Path Variable:Script) { $Script } else { @{} }

        $shell = Invoke-Shell (Get-TaskScript @parameters)

        $shell.ExitCode | Should -Be $Code
        $shell.Error | Should -Not -BeNullOrEmpty
        $run = Get-QwenEditRun -Last 1
        $run.ExitCode, "$($run.StoppedBy)" | Should -Be $Code, "$Stop"
    }

    It 'is 8 where nobody is there to confirm the cost, and 0 with -Confirm:$false' {
        $shell = Invoke-Shell (Get-TaskScript '-ConfirmAbove 0')

        $shell.ExitCode | Should -Be 8
        $shell.Error -replace '\s+(\| )?', ' ' | Should -BeLike '*nobody can be asked here*'
        @((Get-Ledger).requests) | Should -HaveCount 0
        (Invoke-Shell (Get-TaskScript '-ConfirmAbove 0 -Confirm:$false')).ExitCode | Should -Be 0
    }

    It 'is 11 while another process works on the same edits' {
        $script = Get-TaskScript -Prompt 'emulate:seconds=600'
        $other = Start-Shell (New-ShellFile $script)
        try {
            Wait-Until { @((Get-Ledger).jobs).Count -eq 2 }

            (Invoke-Shell $script).ExitCode | Should -Be 11
        }
        finally {
            Stop-Shell $other
        }
        (Get-QwenEditRun -Last 1).Busy | Should -Be 2
        @((Get-Ledger).jobs) | Should -HaveCount 2
    }

    It 'is 12 for <Name> that cannot be written' -ForEach @(
        @{ Name = 'a journal'; Script = @{ Parameter = '-JournalPath .' } }
        @{ Name = 'a log'; Script = @{ Parameter = '-LogPath a.png' } }
        @{ Name = 'a destination'; Script = @{ Destination = 'a.png/done/' } }
    ) {
        (Invoke-Shell (Get-TaskScript @Script)).ExitCode | Should -Be 12
        @((Get-Ledger).requests) | Should -HaveCount 0
    }

    It 'is 1 for a parameter that is misspelt' {
        $shell = Invoke-Shell ("`$ErrorActionPreference = 'Stop'`n" + (Get-TaskScript '-MaxCots 5'))

        $shell.ExitCode | Should -Be 1
        $shell.Error | Should -BeLike '*MaxCots*'
    }
}

# As a systemd service runs it: the module is where PowerShell finds it by itself, and the key is a credential of the service.
Describe 'The script that about_QwenEdit_Unattended has for tasks' -Tag 'ExitCode' {
    BeforeAll {
        function Invoke-Task {
            $process = Start-Shell $script '-Source', '*.png', '-Destination', 'done', '-Logs', 'logs'
            $standardError = $process.StandardError.ReadToEndAsync()
            $null = $process.StandardOutput.ReadToEnd()
            $process.WaitForExit()
            [pscustomobject] @{ ExitCode = $process.ExitCode; Error = $standardError.Result }
        }
    }

    BeforeEach {
        Reset-Session
        New-Image 'a.png', 'b.png'
        Set-Content c.png 'not an image'
        $topic = Get-Content ([System.IO.Path]::Combine((Split-Path $module), 'en-US', 'about_QwenEdit_Unattended.help.txt')) -Raw -Encoding utf8
        $topic -match 'edit\.ps1:\r?\n\r?\n((?: {8}.*\r?\n|\r?\n)+)' | Should -BeTrue
        $script = Get-FullName edit.ps1
        Set-Content $script $Matches[1]

        $before = @{}
        foreach ($name in 'PSModulePath', 'SEGMIND_API_KEY', 'CREDENTIALS_DIRECTORY') {
            $before[$name] = [Environment]::GetEnvironmentVariable($name)
        }
        $env:PSModulePath = (Split-Path (Split-Path $module)) + [System.IO.Path]::PathSeparator + $env:PSModulePath
        $env:CREDENTIALS_DIRECTORY = (New-Item (Join-Path $TestDrive "$([guid]::NewGuid())") -ItemType Directory).FullName
        Set-Content (Join-Path $env:CREDENTIALS_DIRECTORY segmind-key) $env:SEGMIND_API_KEY
    }

    AfterEach {
        foreach ($name in $before.Keys) { [Environment]::SetEnvironmentVariable($name, $before[$name]) }
    }

    It 'receives what an interrupted run has left, edits what is new, and leaves a log in which its errors are found' {
        $null = Submit-QwenImageEdit a.png 'Interrupted' -DestinationPath earlier
        Remove-Item Env:SEGMIND_API_KEY

        $task = Invoke-Task

        $task.ExitCode | Should -Be 1
        $task.Error | Should -BeLike '*c.png*'
        'earlier/a.png', 'done/a.png', 'done/b.png' | Should -Exist
        (Get-QwenEditRun).Command | Should -Be 'Submit-QwenImageEdit', 'Resume-QwenImageEdit', 'Invoke-QwenImageEdit'
        $problems = @(Get-ChildItem logs/*.jsonl | Where-Object LastWriteTime -GT (Get-Date).AddDays(-7) | Get-Content | ConvertFrom-Json |
                Where-Object level -EQ error)
        $problems.event | Should -Be 'error', 'run.ended'
        $problems[0].error, $problems[0].source | Should -Be 'NotAnImage', (Get-FullName c.png)
    }

    It 'ends with 7 for a key that the service refuses' {
        Set-Content (Join-Path $env:CREDENTIALS_DIRECTORY segmind-key) 'SG_fedcba9876543210'

        $task = Invoke-Task

        $task.ExitCode | Should -Be 7
        $task.Error | Should -Not -BeLike '*SG_fedcba9876543210*'
        'done/a.png', 'done/b.png' | Should -Not -Exist
        @((Get-Ledger).jobs) | Should -HaveCount 0
    }
}
