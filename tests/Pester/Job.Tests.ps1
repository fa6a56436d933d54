#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll { . (Join-Path $PSScriptRoot 'Session.ps1') }
AfterAll { Stop-Session }

Describe 'A submitted job' -Tag 'Job' {
    BeforeEach {
        Reset-Session
        New-Image 'a.png', 'b.png'
    }

    It 'knows what was sent, and until when it lives' {
        $job = Submit-QwenImageEdit a.png 'Make it red' -Seed 42 -ImageFormat Webp -DestinationPath out

        $job.PSObject.TypeNames[0] | Should -Be 'QwenEdit.EditJob'
        $sent = (Get-Ledger).jobs[0]
        $job.RequestId, $job.Source, $job.Destination, $job.Prompt, $job.Model, $job.Seed, "$($job.Status)" |
            Should -Be $sent.request_id, (Get-FullName a.png), (Get-FullName out/a.webp), 'Make it red', 'qwen-image-edit-fast', 42, 'Queued'
        "$($job.Endpoint)".TrimEnd('/') | Should -Be $env:SEGMIND_ENDPOINT.TrimEnd('/')
        [Math]::Abs(($job.SubmittedAt - [DateTimeOffset] $sent.accepted).TotalSeconds) | Should -BeLessThan 10
        $job.ExpiresAt | Should -Be $job.SubmittedAt.AddHours(1)
    }

    It 'has a seed of its own with -Seed -1' {
        $jobs = Submit-QwenImageEdit *.png 'Make it red' -Seed -1

        $jobs.Seed | Sort-Object | Should -Be ((Get-Ledger).jobs.seed | Sort-Object)
        $jobs.Seed | Select-Object -Unique | Should -HaveCount 2
        $jobs.Seed | Should -Not -Contain -1
    }

    It 'is <Status> to Get-QwenEditStatus: <Prompt>' -ForEach @(
        @{ Prompt = 'emulate:queued'; Status = 'Queued'; Cost = $null }
        @{ Prompt = 'emulate:processing emulate:seconds=0'; Status = 'Processing'; Cost = $null }
        @{ Prompt = 'emulate:seconds=0'; Status = 'Completed'; Cost = 0.0125 }
        @{ Prompt = 'emulate:seconds=0 emulate:fail'; Status = 'Failed'; Cost = $null }
    ) {
        $answer = Submit-QwenImageEdit a.png $Prompt -OutVariable job | Get-QwenEditStatus

        $answer.PSObject.TypeNames[0] | Should -Be 'QwenEdit.EditStatus'
        $answer.Status | Should -Be $Status
        $answer.Cost | Should -Be $Cost
        [bool] $answer.Error | Should -Be ($Status -eq 'Failed')
        foreach ($name in 'RequestId', 'Source', 'Destination', 'Seed', 'SubmittedAt', 'ExpiresAt') {
            $answer.$name | Should -Be $job[0].$name
        }
    }

    It 'is waited for by Get-QwenEditStatus -Wait until it is <Status>' -ForEach @(
        @{ Prompt = 'emulate:seconds=0.5'; Status = 'Completed' }
        @{ Prompt = 'emulate:seconds=0.5 emulate:fail'; Status = 'Failed' }
    ) {
        (Submit-QwenImageEdit *.png $Prompt | Get-QwenEditStatus -Wait).Status | Should -Be $Status, $Status
    }

    It 'is received where its submission said: <Script>' -ForEach @(
        @{ Script = { Submit-QwenImageEdit *.png 'emulate:seconds=0.3' | Receive-QwenEditResult -Wait } }
        @{ Script = { $jobs = Submit-QwenImageEdit *.png 'emulate:seconds=0.3'; Receive-QwenEditResult -Job $jobs -Wait } }
        @{ Script = { Submit-QwenImageEdit *.png 'emulate:seconds=0' | Receive-QwenEditResult } }
        @{ Script = { Submit-QwenImageEdit *.png 'emulate:seconds=0.2' | Get-QwenEditStatus -Wait | Receive-QwenEditResult } }
    ) {
        (& $Script).Destination | Sort-Object | Should -Be (Get-FullName a-edited.png, b-edited.png)

        Get-RelativeFile | Should -Be 'a-edited.png', 'a.png', 'b-edited.png', 'b.png'
        @((Get-Ledger).jobs) | Should -HaveCount 2
    }

    It 'is received elsewhere with <Parameters.Keys> <Parameters.Values>' -ForEach @(
        @{ Parameters = @{ DestinationPath = 'out' }; File = 'out/a-edited.png' }
        @{ Parameters = @{ DestinationPath = 'red.png' }; File = 'red.png' }
        @{ Parameters = @{ Destination = 'red.png' }; File = 'red.png' }
    ) {
        (Submit-QwenImageEdit a.png 'Make it red' | Receive-QwenEditResult -Wait @Parameters).Destination | Should -Be (Get-FullName $File)
        $File | Should -Exist
    }

    It 'is received from a file that another session wrote' {
        Get-ChildItem *.png | Submit-QwenImageEdit -Prompt 'On paper' | Export-Clixml jobs.xml

        @(Import-Clixml jobs.xml | Where-Object Status -EQ Queued) | Should -HaveCount 2
        (Import-Clixml jobs.xml | Receive-QwenEditResult -Wait).Status | Should -Be 'Received', 'Received'
    }

    It 'keeps what matters as JSON and CSV' {
        $job = Submit-QwenImageEdit a.png 'As text'

        ($job | ConvertTo-Json | ConvertFrom-Json).RequestId | Should -Be $job.RequestId
        ($job | ConvertTo-Csv | ConvertFrom-Csv | Receive-QwenEditResult -Wait).Status | Should -Be 'Received'
    }

    It 'is received by whoever comes next' {
        $jobs = Get-ChildItem *.png | Submit-QwenImageEdit -Prompt 'Unfinished'

        $resumed = Resume-QwenImageEdit

        $resumed.RequestId | Sort-Object | Should -Be ($jobs.RequestId | Sort-Object)
        Get-QwenEditJob -Status Queued, Processing, Completed | Should -BeNullOrEmpty
    }

    It 'that is unfinished is not received, and the error says what to do' {
        $script = Invoke-Script { Submit-QwenImageEdit a.png 'emulate:processing' | Receive-QwenEditResult }

        $script.Output | Should -BeNullOrEmpty
        $script.ErrorIds | Should -Be (Get-ErrorId JobNotFinished ReceiveQwenEditResult)
        $script.Errors[0].TargetObject | Should -Be (Get-Ledger).jobs[0].request_id
        "$($script.Errors[0])" | Should -BeLike '*-Wait*'
    }

    It 'does not overwrite a file without -Force' {
        $job = Submit-QwenImageEdit a.png 'emulate:seconds=0'
        Set-Content a-edited.png 'mine' -NoNewline

        (Invoke-Script { $job | Receive-QwenEditResult }).ErrorIds | Should -Be (Get-ErrorId DestinationExists ReceiveQwenEditResult)
        Get-Content a-edited.png -Raw | Should -Be 'mine'

        ($job | Receive-QwenEditResult -Force).Status | Should -Be 'Received'
        [System.IO.File]::ReadAllBytes((Get-FullName a-edited.png)) | Should -Be ([System.IO.File]::ReadAllBytes((Get-FullName a.png)))
    }

    It 'is removed from the journal only when it is finished, or by force' {
        $job = Submit-QwenImageEdit a.png 'Forgotten'

        { $job | Remove-QwenEditJob -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'JobUnfinished,*'
        $job | Remove-QwenEditJob -Force -Confirm:$false
        Get-QwenEditJob | Should -BeNullOrEmpty
    }

    It 'is found by a command downstream in a journal that the command upstream creates' {
        $env:QWENEDIT_JOURNAL | Should -Not -Exist

        Submit-QwenImageEdit *.png 'Make it red' | Remove-QwenEditJob -Force -Confirm:$false

        @((Get-Ledger).jobs) | Should -HaveCount 2
        Get-QwenEditJob | Should -BeNullOrEmpty
    }
}

Describe 'A result' -Tag 'Job' {
    It 'has what the service said' {
        Reset-Session
        New-Image 'a.png'

        $result = Invoke-QwenImageEdit a.png 'Make it red' -Seed 42

        $result.PSObject.TypeNames[0] | Should -Be 'QwenEdit.EditResult'
        $result.Status | Should -Be 'Received'
        $result.RequestId, $result.Cost, $result.RemainingCredits, $result.Seed, $result.Model |
            Should -Be (Get-Ledger).jobs[0].request_id, 0.0125, 99.9875, 42, 'qwen-image-edit-fast'
        foreach ($name in 'QueueSeconds', 'InferenceSeconds', 'SubmittedAt', 'ExpiresAt') {
            $result.$name | Should -Not -BeNullOrEmpty
        }
        $result.OutputUrl | Should -Match '^http://127\.0\.0\.1:\d+/outputs/'
        $result.Error | Should -BeNullOrEmpty
    }
}

# As another session, which has another journal.
Describe 'A bare request id' -Tag 'Job' {
    BeforeEach {
        Reset-Session
        New-Image 'a.png'
        $id = (Submit-QwenImageEdit a.png 'emulate:seconds=0').RequestId
        $env:QWENEDIT_JOURNAL = Join-Path $TestDrive "$([guid]::NewGuid()).db"
    }

    It 'is enough to ask for the status: <Script>' -ForEach @(
        @{ Script = { Get-QwenEditStatus $id } }
        @{ Script = { Get-QwenEditStatus -RequestId $id -Wait } }
        @{ Script = { $id | Get-QwenEditStatus } }
        @{ Script = { [guid] $id | Get-QwenEditStatus } }
        @{ Script = { [pscustomobject] @{ RequestId = $id } | Get-QwenEditStatus } }
        @{ Script = { [pscustomobject] @{ Id = $id } | Get-QwenEditStatus } }
    ) {
        $status = & $Script

        $status.RequestId | Should -Be $id
        $status.Status | Should -Be 'Completed'
    }

    It 'is received under its own name, unless told otherwise: <Script>' -ForEach @(
        @{ Script = { Receive-QwenEditResult $id }; File = '{0}.png' }
        @{ Script = { " $id " | Receive-QwenEditResult }; File = '{0}.png' }
        @{ Script = { Receive-QwenEditResult -RequestId $id -Wait -DestinationPath out }; File = 'out/{0}.png' }
        @{ Script = { Receive-QwenEditResult -Id $id -DestinationPath red.png }; File = 'red.png' }
        @{ Script = { [pscustomobject] @{ RequestId = $id; DestinationPath = 'red.png' } | Receive-QwenEditResult }; File = 'red.png' }
    ) {
        $result = & $Script

        $expected = Get-FullName ($File -f $id)
        $result.Destination | Should -Be $expected
        [System.IO.File]::ReadAllBytes($expected) | Should -Be ([System.IO.File]::ReadAllBytes((Get-FullName a.png)))
    }

    It 'that nobody knows is Expired to Get-QwenEditStatus, and an error to Receive-QwenEditResult' {
        $unknown = '11111111-2222-3333-4444-555555555555'

        (Get-QwenEditStatus $unknown).Status | Should -Be 'Expired'
        $script = Invoke-Script { Receive-QwenEditResult $unknown }

        $script.Output.Status | Should -Be 'Expired'
        $script.ErrorIds | Should -Be (Get-ErrorId RecordExpired ReceiveQwenEditResult)
        "$($script.Errors[0])" | Should -BeLike '*11111111*'
        # It is a parameter of these only.
        "$($script.Errors[0])" | Should -BeLike '*Invoke-QwenImageEdit or Submit-QwenImageEdit with -Resubmit Expired*'
    }

    It 'leads to no other place of the service: <_>' -ForEach '../../v1/get-user-credits', 'not an id?x=1#y' {
        $other = $_
        $script = Invoke-Script { Get-QwenEditStatus $other; Receive-QwenEditResult $other }

        $script.Output[0].Status | Should -Be 'Expired'
        @((Get-Ledger).requests).path | Where-Object { $_ -notlike '/v2/requests/*' -and $_ -notlike '/inference-request/request-history/*' } |
            Should -Be '/v2/qwen-image-edit-fast'
    }
}
