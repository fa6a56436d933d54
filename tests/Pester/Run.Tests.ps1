#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    . (Join-Path $PSScriptRoot 'Session.ps1')

    # Compares properties of a run: a status by its name, a cap that is none as an empty text.
    function Test-Run($Run, [hashtable] $Expected) {
        foreach ($name in $Expected.Keys) {
            "$name $($Run.$name)" | Should -Be "$name $($Expected[$name])"
        }
    }
}
AfterAll { Stop-Session }

Describe '-RunVariable' -Tag 'Run' {
    BeforeEach {
        Reset-Session
        New-Image '01.png', '02.png'
        $run = $null
    }

    It 'has what a call did' {
        $null = Invoke-QwenImageEdit *.png -Prompt Blue -ThrottleLimit 1 -RunVariable run

        Test-Run $run @{ Status = 'Ended'; Command = 'Invoke-QwenImageEdit'; Total = 2; Received = 2; Failed = 0; ExitCode = 0; StoppedBy = '' }
        $run.Cost, $run.RemainingCredits | Should -Be 0.025, 99.975
        $run.Duration | Should -BeGreaterThan ([timespan]::Zero)
    }

    It 'says of a call that finds all done that it paid nothing' {
        $null = Invoke-QwenImageEdit 0*.png -Prompt Blue -DestinationPath out/
        $null = Invoke-QwenImageEdit 0*.png -Prompt Blue -DestinationPath out/ -RunVariable run

        Test-Run $run @{ Total = 2; Skipped = 2; Received = 0; Cost = 0; ExitCode = 0 }
    }

    It 'is of submitting and of receiving, of which the second learns the cost' {
        $null = Submit-QwenImageEdit *.png -Prompt Blue -RunVariable submitted | Receive-QwenEditResult -Wait -RunVariable run

        Test-Run $submitted @{ Command = 'Submit-QwenImageEdit'; Total = 2; Submitted = 2; Cost = 0; ExitCode = 0 }
        Test-Run $run @{ Command = 'Receive-QwenEditResult'; Total = 2; Received = 2; ExitCode = 0 }
        $run.Cost | Should -Be 0.025
    }

    It 'is of resuming' {
        $null = Submit-QwenImageEdit *.png -Prompt Blue
        $null = Resume-QwenImageEdit -RunVariable run

        Test-Run $run @{ Command = 'Resume-QwenImageEdit'; Total = 2; Resumed = 2; ExitCode = 0 }
        $run.Cost | Should -Be 0.025
    }

    It 'counts inputs that are no images' {
        Set-Content no.png 'no image'
        $null = Invoke-QwenImageEdit 01.png, no.png, gone.png -Prompt Blue -RunVariable run -ErrorAction SilentlyContinue

        Test-Run $run @{ Total = 3; Received = 1; InvalidInput = 2; ExitCode = 1 }
    }

    It 'is set when the commands downstream end' {
        Invoke-QwenImageEdit 01.png -Prompt Blue -RunVariable run | ForEach-Object { } -End { $run.Status } | Should -Be 'Ended'
    }

    It 'is a variable of the caller''s scope' {
        $run = 'outer'
        & {
            $null = Invoke-QwenImageEdit 01.png -Prompt Blue -RunVariable run
            $run.Total
        } | Should -Be 1
        $run | Should -Be 'outer'
    }

    It 'is there, and in the journal, where there was nothing to do: <Script>' -ForEach @(
        @{ Script = { @() | Invoke-QwenImageEdit -Prompt Blue -RunVariable script:empty } }
        @{ Script = { Get-ChildItem none*.png | Submit-QwenImageEdit -Prompt Blue -RunVariable script:empty } }
        @{ Script = { @() | Receive-QwenEditResult -RunVariable script:empty } }
        @{ Script = { Resume-QwenImageEdit -RunVariable script:empty } }
    ) {
        & $Script

        Test-Run $empty @{ RunId = 1; Status = 'Ended'; Total = 0; ExitCode = 0 }
        Test-Run (Get-QwenEditRun) @{ RunId = 1; Command = $empty.Command; Status = 'Ended'; Total = 0; ExitCode = 0 }
    }

    It 'has a number, and the journal the run, where no input is an image, without a key' {
        $key, $env:SEGMIND_API_KEY = $env:SEGMIND_API_KEY, $null
        try { $null = Invoke-QwenImageEdit gone.png -Prompt Blue -RunVariable run -ErrorAction SilentlyContinue }
        finally { $env:SEGMIND_API_KEY = $key }

        Test-Run $run @{ RunId = 1; InvalidInput = 1; ExitCode = 1 }
        Test-Run (Get-QwenEditRun) @{ RunId = 1; Status = 'Ended'; InvalidInput = 1; ExitCode = 1 }
    }

    It 'has the code 12 where there was nothing to do and the journal can''t be written' {
        { @() | Invoke-QwenImageEdit -Prompt Blue -JournalPath (Join-Path $PWD 01.png/journal.db) -RunVariable script:empty } |
            Should -Throw -ErrorId (Get-ErrorId JournalUnavailable)

        Test-Run $empty @{ RunId = 0; Status = 'Ended'; StoppedBy = 'Disk'; ExitCode = 12 }
    }

    It 'has no number with -WhatIf, and the journal has no run: <Script>' -ForEach @(
        @{ Script = { Invoke-QwenImageEdit *.png -Prompt Blue -DestinationPath blue -WhatIf -RunVariable script:whatIf } }
        @{ Script = { Resume-QwenImageEdit -WhatIf -RunVariable script:whatIf } }
        @{ Script = { $job | Receive-QwenEditResult -WhatIf -RunVariable script:whatIf } }
    ) {
        $job = Submit-QwenImageEdit 01.png Red

        Get-Screen $Script | Should -Match 'What if: '

        Test-Run $whatIf @{ RunId = 0; Status = 'Ended'; Total = 0; ExitCode = 0 }
        (Get-QwenEditRun).Command | Should -Be 'Submit-QwenImageEdit'
    }

    # A script that is killed now would have this one.
    It 'is the call''s own while it works, and no earlier one' {
        $run = 'earlier'
        $null = '01.png' | ForEach-Object { $seen = $run; $_ } | Invoke-QwenImageEdit -Prompt Blue -RunVariable run

        Test-Run $seen @{ Status = 'Running'; ExitCode = 5 }
    }

    It 'is set by a call that ends at once: <Name>' -ForEach @(
        @{ Name = 'no key'; Parameters = @{ ApiKey = '' }; Stop = 'Authorization'; Code = 7 }
        @{ Name = 'a journal that is a folder'; Parameters = @{ JournalPath = '.' }; Stop = 'Disk'; Code = 12 }
        @{ Name = 'an endpoint that is none'; Parameters = @{ Endpoint = 'nowhere' }; Stop = ''; Code = 1 }
    ) {
        { Invoke-QwenImageEdit *.png -Prompt Blue @Parameters -RunVariable script:ended } | Should -Throw

        Test-Run $ended @{ Status = 'Ended'; StoppedBy = $Stop; ExitCode = $Code }
        @((Get-Ledger).requests) | Should -HaveCount 0
    }

    It 'is set by a call that is left: <Script>' -ForEach @(
        @{ Script = { Invoke-QwenImageEdit 0*.png -Prompt Blue -ThrottleLimit 1 -RunVariable script:left | Select-Object -First 1 } }
        @{ Script = { Invoke-QwenImageEdit 0*.png -Prompt Blue -ThrottleLimit 1 -RunVariable script:left | ForEach-Object { throw 'enough' } } }
        @{ Script = { Invoke-QwenImageEdit 01.png, gone.png, 02.png -Prompt Blue -ErrorAction Stop -RunVariable script:left } }
        @{ Script = {
                '01.png', '02.png' | ForEach-Object { if ($_ -like '02*') { throw 'enough' }; $_ } |
                    Invoke-QwenImageEdit -Prompt Blue -RunVariable script:left
            }
        }
    ) {
        New-Image '03.png', '04.png'
        # Whatever ends it.
        try { $null = & $Script } catch { $_ | Should -Not -BeNullOrEmpty }

        Test-Run $left @{ Status = 'Ended'; StoppedBy = 'Cancelled'; ExitCode = 5 }
    }

    It 'refuses a name that is none: <_>' -ForEach '+run', '$run', '' {
        { Invoke-QwenImageEdit 01.png -Prompt Blue -RunVariable $_ } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
    }
}

Describe 'Get-QwenEditRun' -Tag 'Run' {
    BeforeEach { Reset-Session }

    Context 'with a run that submits two images and one that receives them' {
        BeforeEach {
            New-Image '01.png', '02.png'
            $null = Submit-QwenImageEdit *.png -Prompt Blue
            $null = Resume-QwenImageEdit -RunVariable run
        }

        It 'lists the newest last' {
            (Get-QwenEditRun).Command | Should -Be 'Submit-QwenImageEdit', 'Resume-QwenImageEdit'
            (Get-QwenEditRun -Last 1).Command | Should -Be 'Resume-QwenImageEdit'
        }

        It 'has all that the run itself said' {
            $kept = Get-QwenEditRun $run.RunId

            foreach ($property in $run.PSObject.Properties) {
                if ($property.Name -in 'StartedAt', 'EndedAt', 'Duration') {
                    [Math]::Abs(($kept.($property.Name) - $property.Value).TotalSeconds) | Should -BeLessThan 1
                }
                else {
                    $kept.($property.Name) | Should -Be $property.Value -Because $property.Name
                }
            }
        }

        It 'leads to the edits of a run' {
            Get-QwenEditRun -Last 1 | Get-QwenEditJob | Should -HaveCount 2
            # The second has taken them over.
            Get-QwenEditJob -RunId 1 | Should -BeNullOrEmpty
            (Get-QwenEditJob).RunId | Should -Be 2, 2
        }
    }

    It 'does not count a question for a status' {
        New-Image 'a.png'
        $null = Submit-QwenImageEdit a.png -Prompt Blue | Get-QwenEditStatus -Wait

        (Get-QwenEditRun).Command | Should -Be 'Submit-QwenImageEdit'
    }

    It 'shows a run of another process as Running, and as Ended when it has ended' {
        New-Image 'a.png'
        $shell = Start-Shell (New-ShellFile "Invoke-QwenImageEdit a.png 'emulate:seconds=600' -PollIntervalSec 0.1")
        try {
            Wait-Until { @((Get-Ledger).jobs).Count -eq 1 }
            (Get-QwenEditRun).Status | Should -Be 'Running'

            $null = Invoke-Emulator clock/advance @{ minutes = 10 }
            $null = $shell.StandardOutput.ReadToEnd()
            $shell.WaitForExit()
            (Get-QwenEditRun).Status | Should -Be 'Ended'
        }
        finally {
            Stop-Shell $shell
        }
    }

    It 'says of a number that is not there that it is not, and creates no journal' {
        $found = Invoke-Script { Get-QwenEditRun -RunId 17 }

        $found.ErrorIds | Should -Be (Get-ErrorId RunNotInJournal GetQwenEditRun)
        $found.Errors[0].TargetObject | Should -Be 17
        $env:QWENEDIT_JOURNAL | Should -Not -Exist
    }

    It 'has nothing to list without a journal' { Get-QwenEditRun -Last 5 | Should -BeNullOrEmpty }
}
