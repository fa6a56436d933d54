#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll { . (Join-Path $PSScriptRoot 'Session.ps1') }
AfterAll { Stop-Session }

Describe 'The status of an edit whose image is not there' -Tag 'Outcome' {
    BeforeEach {
        Reset-Session
        New-Image 'a.png'
    }

    It 'says that it was not received, and the error says why: <Prompt>' -ForEach @(
        @{ Prompt = 'emulate:html' }
        @{ Prompt = 'emulate:truncate' }
        @{ Prompt = 'emulate:file-missing' }
    ) {
        $script = Invoke-Script { Invoke-QwenImageEdit a.png $Prompt -MaximumRetryCount 0 -RunVariable script:run }

        $script.ErrorIds | Should -Be (Get-ErrorId OutputInvalid)
        $script.Output[0].Status | Should -Be 'NotReceived'
        $run.NotReceived, $run.TimedOut, $run.Total, $run.ExitCode | Should -Be 1, 0, 1, 5
        (Get-QwenEditRun -Last 1).NotReceived | Should -Be 1
    }

    It 'says that it was not received where another file is at its destination by then' {
        $job = Submit-QwenImageEdit a.png 'Make it red' -DestinationPath red.png
        New-Image 'red.png'

        $script = Invoke-Script { $job | Receive-QwenEditResult -Wait }

        $script.ErrorIds | Should -Be (Get-ErrorId DestinationExists ReceiveQwenEditResult)
        $script.Output[0].Status | Should -Be 'NotReceived'
    }

    It 'says that it timed out where it did' {
        $script = Invoke-Script { Invoke-QwenImageEdit a.png 'emulate:processing' -TimeoutSec 1 -RunVariable script:run }

        $script.Output[0].Status | Should -Be 'TimedOut'
        $run.TimedOut, $run.NotReceived | Should -Be 1, 0
    }

    It 'says that it timed out where the download trickles, and the image is received later' {
        # At this speed, the image takes more than a minute and a half.
        $null = Invoke-Emulator faults @{ kind = 'trickle'; route = 'file'; bytes_per_second = 1 }
        $watch = [System.Diagnostics.Stopwatch]::StartNew()

        $script = Invoke-Script { Invoke-QwenImageEdit a.png 'Make it red' -TimeoutSec 3 -RunVariable script:run }

        $watch.Elapsed.TotalSeconds | Should -BeLessThan 60
        $script.ErrorIds | Should -Be (Get-ErrorId TimedOut)
        $script.Output[0].Status | Should -Be 'TimedOut'
        Get-RelativeFile | Should -Be 'a.png'
        $null = Invoke-RestMethod "$env:SEGMIND_ENDPOINT/_emulator/faults" -Method Delete
        (Invoke-QwenImageEdit a.png 'Make it red').Status | Should -Be 'Resumed'
        @((Get-Ledger).jobs) | Should -HaveCount 1
    }
}

Describe 'An edit whose response was lost, with default settings' -Tag 'Outcome' {
    BeforeEach {
        Reset-Session
        New-Image 'a.png'
        $null = Invoke-Emulator faults @{ kind = 'reset-after-accepting'; route = 'submit'; next = 1 }
        $script = Invoke-Script { Invoke-QwenImageEdit a.png 'Make it red' }
        $script.ErrorIds | Should -Be (Get-ErrorId OutcomeUnknown)
    }

    It 'is found by the same command after the settling time, and billed once' {
        $id = (Get-Ledger).jobs[0].request_id
        $early = Invoke-Script { Invoke-QwenImageEdit a.png 'Make it red' }
        $early.ErrorIds | Should -Be (Get-ErrorId OutcomeUnknown)
        (Get-QwenEditJob -Status Unknown).Error | Should -BeLike "*ask again in 150 minutes: $id (*"

        $null = Invoke-Emulator clock/advance @{ hours = 2.5 }
        $result = Invoke-QwenImageEdit a.png 'Make it red' -RunVariable run

        $result.Status, $result.RequestId | Should -Be 'Resumed', $id
        'a-edited.png' | Should -Exist
        $run.ExitCode | Should -Be 0
        (Get-Ledger).billed | Should -Be 0.0125
        (Get-Ledger).jobs | Should -HaveCount 1
    }

    It 'does not lend its job to another edit after it was submitted again' {
        $id = (Get-Ledger).jobs[0].request_id
        New-Image 'b.png'
        $null = Invoke-Emulator faults @{ kind = 'reset-after-reading'; route = 'submit'; next = 1 }
        $null = Invoke-Script { Invoke-QwenImageEdit b.png 'Make it red' }
        $null = Invoke-Script { Invoke-QwenImageEdit *.png 'Make it red' }

        $again = Invoke-QwenImageEdit a.png 'Make it red' -Resubmit Unknown
        $null = Invoke-Emulator clock/advance @{ hours = 2.5 }
        $script = Invoke-Script { Invoke-QwenImageEdit b.png 'Make it red' }

        $again.Status | Should -Be 'Received'
        $script.ErrorIds | Should -Be (Get-ErrorId OutcomeUnknown)
        (Get-QwenEditJob -Status Unknown).Error | Should -BeLike "*$id (*"
        'b-edited.png' | Should -Not -Exist
        (Get-Ledger).jobs | Should -HaveCount 2
    }

    It 'stays unknown beside a request with the same prompt that another journal made' {
        $journal, $env:QWENEDIT_JOURNAL = $env:QWENEDIT_JOURNAL, (Join-Path $TestDrive "$([guid]::NewGuid())/journal.db")
        $null = Invoke-QwenImageEdit a.png 'Make it red' -DestinationPath other.png
        $env:QWENEDIT_JOURNAL = $journal
        $null = Invoke-Script { Invoke-QwenImageEdit a.png 'Make it red' }
        $null = Invoke-Emulator clock/advance @{ hours = 2.5 }

        $script = Invoke-Script { Invoke-QwenImageEdit a.png 'Make it red' }

        $script.ErrorIds | Should -Be (Get-ErrorId OutcomeUnknown)
        'a-edited.png' | Should -Not -Exist
        (Get-Ledger).jobs | Should -HaveCount 2
    }
}
