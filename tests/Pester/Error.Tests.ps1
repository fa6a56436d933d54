#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# Every error by itself, with its category and its words, is in tests/QwenEdit.Tests/Commands/ErrorTests.cs.

BeforeAll { . (Join-Path $PSScriptRoot 'Session.ps1') }
AfterAll { Stop-Session }

Describe 'An edit that comes to no image' -Tag 'Error' {
    BeforeEach {
        Reset-Session
        New-Image 'a.png', 'b.png', 'c.png'
    }

    It 'is an error, and a result that says the same: <Status> <Prompt>' -ForEach @(
        @{ Prompt = 'emulate:fail'; Status = 'Failed' }
        @{ Prompt = 'emulate:html'; Status = 'NotReceived' }
        @{ Prompt = 'emulate:processing'; Status = 'TimedOut' }
    ) {
        $text = $Prompt
        $script = Invoke-Script { Invoke-QwenImageEdit a.png $text -TimeoutSec 1 -MaximumRetryCount 0 }

        $script.Output | Should -HaveCount 1
        $script.Output[0].Status | Should -Be $Status
        $script.Errors | Should -HaveCount 1
        "$($script.Errors[0])".Contains($script.Output[0].Error) | Should -BeTrue
        Get-RelativeFile | Should -Be 'a.png', 'b.png', 'c.png'
    }

    It 'does not keep the others' {
        $script = Invoke-Script {
            Get-ChildItem | Invoke-QwenImageEdit -Prompt { if ($_.Name -eq 'b.png') { 'emulate:fail' } else { 'Make it red' } }
        }

        $script.ErrorIds | Should -Be (Get-ErrorId JobFailed)
        $script.Errors[0].TargetObject | Should -Be (Get-FullName b.png)
        $script.Output.Status | Sort-Object { "$_" } | Should -Be 'Failed', 'Received', 'Received'
    }

    It 'ends the call with -ErrorAction Stop' {
        {
            Get-ChildItem | Invoke-QwenImageEdit -ErrorAction Stop -Prompt { if ($_.Name -eq 'a.png') { 'emulate:fail' } else { 'emulate:processing' } }
        } | Should -Throw -ErrorId (Get-ErrorId JobFailed)
    }

    It 'is in the variable of -ErrorVariable, and in $Error' {
        $Error.Clear()
        $null = Invoke-QwenImageEdit a.png, b.png 'emulate:fail' -ErrorVariable problems -ErrorAction SilentlyContinue

        $problems | Should -HaveCount 2
        $Error | Should -HaveCount 2
        $problems | ForEach-Object { $_.TargetObject } | Sort-Object | Should -Be (Get-FullName a.png, b.png)
    }

    It 'says once that a connection was refused' {
        $script = Invoke-Script { Invoke-QwenImageEdit a.png 'Make it red' -Endpoint 'http://127.0.0.1:1' -MaximumRetryCount 0 }

        $script.ErrorIds | Should -Be (Get-ErrorId ConnectionFailed)
        $said = "$($script.Errors[0])"
        # The words of the operating system, which .NET puts before the address in parentheses.
        $reason = $script.Errors[0].Exception.GetBaseException().Message
        [regex]::Matches($said, [regex]::Escape($reason)) | Should -HaveCount 1 -Because $said
    }

    It 'that timed out is received by the command that its error names' {
        $script = Invoke-Script { Invoke-QwenImageEdit a.png 'emulate:seconds=60' -TimeoutSec 1 }
        $script.ErrorIds | Should -Be (Get-ErrorId TimedOut)
        "$($script.Errors[0])" -match 'Receive-QwenEditResult.*?(?= receives)' | Should -BeTrue
        $command = $Matches[0]
        $null = Invoke-Emulator clock/advance @{ minutes = 1 }

        (& ([scriptblock]::Create($command))).Status | Should -Be 'Received'
    }
}
