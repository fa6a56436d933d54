#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll { . (Join-Path $PSScriptRoot 'Session.ps1') }
AfterAll { Stop-Session }

Describe 'The module in a session' -Tag 'Session' {
    BeforeEach {
        Reset-Session
        New-Image 'a.png', 'b.png', 'c.png', 'd.png'
    }

    It 'has approved verbs and one class of help for each cmdlet' {
        $commands = Get-Command -Module QwenEdit
        $commands.Verb | Should -BeIn (Get-Verb).Verb
        foreach ($command in $commands) {
            (Get-Help $command.Name).Synopsis | Should -BeLike '*.'
            (Get-Help $command.Name -Examples).examples.example.Count | Should -BeGreaterOrEqual 4
        }
    }

    It 'has its topics' {
        (Get-Help about_QwenEdit* | ForEach-Object Name | Sort-Object -Unique) |
            Should -Be 'about_QwenEdit', 'about_QwenEdit_Errors', 'about_QwenEdit_Journal', 'about_QwenEdit_Unattended'
    }

    It 'works in ForEach-Object -Parallel' -Skip:($PSVersionTable.PSVersion.Major -lt 7) {
        $statuses = Get-ChildItem *.png | ForEach-Object -Parallel {
            Import-Module $using:module
            (Invoke-QwenImageEdit $_.FullName 'In parallel').Status.ToString()
        } -ThrottleLimit 4

        $statuses | Should -Be 'Received', 'Received', 'Received', 'Received'
    }

    It 'works in Start-ThreadJob' -Skip:(-not (Get-Command Start-ThreadJob -ErrorAction Ignore)) {
        $job = Start-ThreadJob {
            Set-Location $using:PWD
            Import-Module $using:module
            Invoke-QwenImageEdit a.png 'In a thread'
        }

        ($job | Receive-Job -Wait -AutoRemoveJob).Status | Should -Be 'Received'
    }

    It 'works in Start-Job, whose results are what matters of the objects' {
        $job = Start-Job {
            Set-Location $using:PWD
            Import-Module $using:module
            Submit-QwenImageEdit a.png 'In a process'
        }
        $submitted = $job | Receive-Job -Wait -AutoRemoveJob

        ($submitted | Receive-QwenEditResult -Wait).Status | Should -Be 'Received'
    }

    It 'works in strict mode' {
        $result = & {
            Set-StrictMode -Version Latest
            Invoke-QwenImageEdit a.png 'Strictly'
        }
        $result | Out-String | Should -BeLike '*Received*'
    }

    It 'asks nothing where nobody can answer' {
        $run = Invoke-Shell "(Invoke-QwenImageEdit a.png 'Unattended' -PollIntervalSec 0.1).Status; exit 0"

        $run.ExitCode | Should -Be 0
        $run.Output.Trim() | Should -Be 'Received'
        $run.Error | Should -BeNullOrEmpty
    }

    It 'keeps the key out of a transcript, of verbose and debug messages and of errors' {
        $null = Start-Transcript transcript.txt
        Invoke-QwenImageEdit a.png 'In secret' -Verbose -Debug -LogPath logs *>&1 | Out-String | Set-Content streams.txt
        Invoke-QwenImageEdit b.png 'In secret' -ApiKey 'SG_fedcba9876543210' -ErrorAction SilentlyContinue
        $null = Stop-Transcript
        $Error | Format-List * -Force | Out-String | Set-Content errors.txt

        foreach ($file in 'transcript.txt', 'streams.txt', 'errors.txt', (Get-ChildItem logs).FullName) {
            Get-Content $file -Raw | Should -Not -BeLike "*$env:SEGMIND_API_KEY*"
        }
        Get-Content streams.txt, errors.txt -Raw | Should -Not -BeLike '*SG_fedcba9876543210*'
    }

    It 'shows states in colour, or plainly, as the session has it' -Skip:($PSVersionTable.PSVersion.Major -lt 7) {
        $result = Invoke-QwenImageEdit a.png 'In colour'
        $before = $PSStyle.OutputRendering
        try {
            $PSStyle.OutputRendering = 'Ansi'
            ($result | Out-String).Contains("$($PSStyle.Foreground.Green)Received$($PSStyle.Reset)") | Should -BeTrue
            $PSStyle.OutputRendering = 'PlainText'
            ($result | Out-String).Contains("`e") | Should -BeFalse
        }
        finally {
            $PSStyle.OutputRendering = $before
        }
    }

    It 'goes and comes again' {
        Remove-Module QwenEdit
        Get-Command Invoke-QwenImageEdit -ErrorAction Ignore | Should -BeNullOrEmpty

        Import-Module $module

        (Invoke-QwenImageEdit a.png 'Again').Status | Should -Be 'Received'
    }

    It 'honours the defaults of the user' {
        $PSDefaultParameterValues['*-QwenImageEdit:DestinationPath'] = 'by default'
        try {
            (Invoke-QwenImageEdit a.png 'As ever').Destination | Should -Be (Join-Path $PWD 'by default/a.png')
        }
        finally {
            $PSDefaultParameterValues.Remove('*-QwenImageEdit:DestinationPath')
        }
    }
}
