#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# What keeps a call from submitting more. An edit costs 0.0125 at the emulator.

BeforeAll {
    . (Join-Path $PSScriptRoot 'Session.ps1')

    # Images 01.png, 02.png and so on.
    function New-NumberedImage([int] $Count) { New-Image (1..$Count | ForEach-Object { $_.ToString('00') + '.png' }) }

    # Compares properties of a run: costs as numbers, all else as text.
    function Test-Run($Run, [hashtable] $Expected) {
        foreach ($name in $Expected.Keys) {
            if ($name -eq 'Cost') { $Run.Cost | Should -Be $Expected.Cost }
            else { "$name $($Run.$name)" | Should -Be "$name $($Expected[$name])" }
        }
    }
}
AfterAll { Stop-Session }

Describe '-MaxCost' -Tag 'Cap' {
    BeforeEach { Reset-Session }

    It 'spends no more than allowed, and says how many images were not submitted' {
        New-NumberedImage 8
        $script = Invoke-Script { Invoke-QwenImageEdit 0*.png -Prompt Blue -DestinationPath out/ -MaxCost 0.055 -RunVariable script:run }

        $script.Output | Should -HaveCount 4
        (Get-Ledger).billed | Should -Be 0.05
        Test-Run $run @{ Total = 8; Received = 4; NotSubmitted = 4; Cost = 0.05; StoppedBy = 'MaxCost'; ExitCode = 8 }
        $script.ErrorIds | Should -Be (Get-ErrorId MaxCostReached)
        "$($script.Errors[0])" | Should -Be (
            '-MaxCost 0.055 is reached: this run has spent 0.05, and another edit costs about 0.0125. 4 images were not submitted and cost nothing.' +
            ' Run the same command again to continue. It may spend up to -MaxCost again. Finished edits are skipped.')
    }

    It 'lets the same command go on where it was' {
        New-NumberedImage 5
        $command = { Invoke-QwenImageEdit 0*.png -Prompt Blue -DestinationPath out/ -MaxCost 0.0375 -RunVariable script:run }
        (Invoke-Script $command).ErrorIds | Should -Be (Get-ErrorId MaxCostReached)
        (Invoke-Script $command).ErrorIds | Should -BeNullOrEmpty

        Test-Run $run @{ Skipped = 3; Received = 2; NotSubmitted = 0; StoppedBy = ''; ExitCode = 0 }
        @((Get-Ledger).jobs) | Should -HaveCount 5
    }

    It 'lets images go one at a time until the price is known' {
        New-NumberedImage 4
        $null = Invoke-QwenImageEdit *.png -Prompt Blue -MaxCost 1

        $first, $others = (Get-Ledger).jobs
        $others | ForEach-Object { [DateTimeOffset] $_.accepted -ge [DateTimeOffset] $first.finished } | Should -Be $true, $true, $true
    }

    It 'goes by the price that the journal knows' {
        New-NumberedImage 3
        $null = Invoke-QwenImageEdit 01.png -Prompt 'emulate:cost=0.5'
        $script = Invoke-Script { Invoke-QwenImageEdit 02.png, 03.png -Prompt Blue -MaxCost 0.4 -RunVariable script:run }

        $script.ErrorIds | Should -Be (Get-ErrorId MaxCostReached)
        "$($script.Errors[0])" | Should -Be (
            '-MaxCost 0.40 is less than one edit costs, about 0.50. 2 images were not submitted and cost nothing.' +
            ' Raise -MaxCost, and run the command again. Finished edits are skipped.')
        Test-Run $run @{ NotSubmitted = 2; Cost = 0; StoppedBy = 'MaxCost' }
        @((Get-Ledger).jobs) | Should -HaveCount 1
    }

    It 'gives the share of a job that failed to another' {
        New-NumberedImage 3
        $null = Invoke-QwenImageEdit 01.png -Prompt Blue
        $script = Invoke-Script {
            [pscustomobject] @{ Path = '02.png'; Prompt = 'emulate:fail' }, [pscustomobject] @{ Path = '03.png'; Prompt = 'Blue' } |
                Invoke-QwenImageEdit -MaxCost 0.0125 -ThrottleLimit 1 -RunVariable script:run
        }

        Test-Run $run @{ Failed = 1; Received = 1; NotSubmitted = 0; StoppedBy = ''; ExitCode = 1 }
        $script.ErrorIds | Should -Be (Get-ErrorId JobFailed)
    }

    It 'stops where the service names no cost' {
        New-NumberedImage 3
        $script = Invoke-Script { Invoke-QwenImageEdit *.png -Prompt 'emulate:no-metrics' -MaxCost 1 -RunVariable script:run }

        Test-Run $run @{ Received = 1; NotSubmitted = 2; StoppedBy = 'MaxCost'; ExitCode = 8 }
        $script.ErrorIds | Should -Be (Get-ErrorId MaxCostReached)
        "$($script.Errors[0])" | Should -BeLike '*its cost is not known*'
    }

    It 'lets Submit-QwenImageEdit learn the price from the first job, and counts what is out' {
        New-NumberedImage 6
        $script = Invoke-Script { Submit-QwenImageEdit *.png -Prompt Blue -MaxCost 0.05 -RunVariable script:run }

        $script.ErrorIds | Should -Be (Get-ErrorId MaxCostReached SubmitQwenImageEdit)
        Test-Run $run @{ Submitted = 4; NotSubmitted = 2; ExitCode = 8 }
        @($script.Output | Where-Object Status -EQ Completed) | Should -HaveCount 1
        @((Get-Ledger).jobs) | Should -HaveCount 4
    }
}

Describe '-MaxFailure' -Tag 'Cap' {
    BeforeEach { Reset-Session }

    It 'stops submitting at so many failures: <_>' -ForEach 2, '2' {
        New-NumberedImage 5
        $cap = $_
        $script = Invoke-Script { Invoke-QwenImageEdit *.png -Prompt 'emulate:fail' -MaxFailure $cap -ThrottleLimit 1 -RunVariable script:run }

        Test-Run $run @{ Total = 5; Failed = 2; NotSubmitted = 3; StoppedBy = 'MaxFailure'; ExitCode = 8 }
        @((Get-Ledger).jobs) | Should -HaveCount 2
        $script.ErrorIds | Should -Be (Get-ErrorId JobFailed), (Get-ErrorId JobFailed), (Get-ErrorId MaxFailureReached)
        "$($script.Errors[2])" | Should -BeLike '-MaxFailure 2 is reached: 2 of 2 edits have failed. 3 images were not submitted and cost nothing.*'
    }

    It 'judges a share from the tenth edit on' {
        New-NumberedImage 14
        $null = Invoke-QwenImageEdit *.png -Prompt 'emulate:fail' -MaxFailure '50%' -ThrottleLimit 1 -RunVariable run -ErrorAction SilentlyContinue

        Test-Run $run @{ Failed = 10; NotSubmitted = 4; StoppedBy = 'MaxFailure'; ExitCode = 8 }
    }

    It 'receives what is in flight' {
        New-NumberedImage 3
        $null = Invoke-Script {
            [pscustomobject] @{ Path = '01.png'; Prompt = 'emulate:seconds=1' }, [pscustomobject] @{ Path = '02.png'; Prompt = 'emulate:fail' },
            [pscustomobject] @{ Path = '03.png'; Prompt = 'Blue' } |
                Invoke-QwenImageEdit -MaxFailure 1 -ThrottleLimit 2 -RunVariable script:run
        }

        Test-Run $run @{ Received = 1; Failed = 1; NotSubmitted = 1; StoppedBy = 'MaxFailure' }
    }

    It 'is not reported where it kept nothing back' {
        New-NumberedImage 2
        $script = Invoke-Script { Invoke-QwenImageEdit *.png -Prompt 'emulate:fail' -MaxFailure 2 -RunVariable script:run }

        $script.ErrorIds | Should -Be (Get-ErrorId JobFailed), (Get-ErrorId JobFailed)
        Test-Run $run @{ Failed = 2; StoppedBy = ''; ExitCode = 1 }
    }
}

Describe '-MaxDuration' -Tag 'Cap' {
    BeforeEach { Reset-Session }

    It 'submits nothing more when it is over, and receives what was submitted' {
        New-NumberedImage 3
        $script = Invoke-Script {
            Invoke-QwenImageEdit *.png -Prompt 'emulate:seconds=2' -MaxDuration 00:00:01 -ThrottleLimit 1 -RunVariable script:run
        }

        # A busy machine may take a second to get at the first.
        $run.Received | Should -BeIn 0, 1
        @((Get-Ledger).jobs) | Should -HaveCount $run.Received
        Test-Run $run @{ Total = 3; NotSubmitted = 3 - $run.Received; StoppedBy = 'MaxDuration'; ExitCode = 8 }
        $script.ErrorIds | Should -Be (Get-ErrorId MaxDurationReached)
        "$($script.Errors[0])" | Should -BeLike '-MaxDuration 00:00:01 is over.*'
    }

    It 'ends the waiting for a rate limit' {
        New-NumberedImage 3
        $null = Invoke-Emulator faults @{
            kind = 'answer'; route = 'submit'; status = 429
            headers = @{ 'x-rate-limit-reset-at-utc' = [DateTimeOffset]::UtcNow.AddMinutes(5).ToString('O') }
        }
        $null = Invoke-QwenImageEdit *.png -Prompt Blue -MaxDuration 0:0:2 -ThrottleLimit 2 -RunVariable run -ErrorAction SilentlyContinue

        Test-Run $run @{ Failed = 0; NotSubmitted = 3; StoppedBy = 'MaxDuration'; ExitCode = 8 }
        @((Get-Ledger).requests).Count | Should -BeIn 1, 2
        (Get-QwenEditJob).Status | Select-Object -Unique | Should -Be 'Prepared'
    }

    It 'ends the waiting for a turn' {
        New-NumberedImage 4
        $null = Submit-QwenImageEdit *.png -Prompt Blue -RequestsPerMinute 1 -MaxDuration 0:0:2 -RunVariable run -ErrorAction SilentlyContinue

        Test-Run $run @{ Submitted = 1; NotSubmitted = 3; StoppedBy = 'MaxDuration'; ExitCode = 8 }
        @((Get-Ledger).requests) | Should -HaveCount 1
    }
}

Describe 'A cap' -Tag 'Cap' {
    # PowerShell takes a number for ticks.
    It 'that is none is refused: <Name> <Value>' -ForEach @(
        @{ Name = 'MaxCost'; Value = 0 }, @{ Name = 'MaxCost'; Value = -1 }
        @{ Name = 'MaxFailure'; Value = 0 }, @{ Name = 'MaxFailure'; Value = -1 }, @{ Name = 'MaxFailure'; Value = '0%' }
        @{ Name = 'MaxFailure'; Value = '101%' }, @{ Name = 'MaxFailure'; Value = 'ten' }
        @{ Name = 'MaxDuration'; Value = 30 }, @{ Name = 'MaxDuration'; Value = '00:00:00' }, @{ Name = 'MaxDuration'; Value = '-01:00:00' }
    ) {
        $cap = @{ $Name = $Value }
        { Invoke-QwenImageEdit *.png -Prompt Blue @cap } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
    }
}

Describe 'An answer that would meet every edit' -Tag 'Cap' {
    It 'stops the run: <Status> <Message>' -ForEach @(
        @{ Status = 401; Message = 'expired'; Stop = 'Authorization' }
        @{ Status = 406; Message = 'Insufficient credits'; Stop = 'Credits' }
        @{ Status = 410; Message = 'gone'; Stop = 'Model' }
    ) {
        Reset-Session
        New-NumberedImage 4
        $null = Invoke-Emulator faults @{ kind = 'answer'; route = 'submit'; status = $Status; body = @{ error = $Message } }

        $script = Invoke-Script { Invoke-QwenImageEdit *.png -Prompt Blue -ThrottleLimit 1 -RunVariable script:run }

        Test-Run $run @{ Total = 4; Failed = 1; NotSubmitted = 3; StoppedBy = $Stop; ExitCode = 7 }
        $script.ErrorIds[-1] | Should -Be (Get-ErrorId SubmissionStopped)
    }
}

Describe 'An outcome that nobody knows' -Tag 'Cap' {
    It 'stops nothing, and needs a person' {
        Reset-Session
        New-NumberedImage 2
        $null = Invoke-Emulator faults @{ kind = 'reset-after-accepting'; route = 'submit'; next = 1 }

        $script = Invoke-Script { Invoke-QwenImageEdit *.png -Prompt Blue -ThrottleLimit 1 -RunVariable script:run }

        Test-Run $run @{ Unknown = 1; Received = 1; StoppedBy = ''; ExitCode = 20 }
        $script.ErrorIds | Should -Be (Get-ErrorId OutcomeUnknown)
    }
}
