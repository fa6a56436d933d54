#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeDiscovery {
    # Where signals are as on Linux, and this process was not started with the interrupt ignored (by nohup, or in a shell's background), which its
    # children would inherit. The mask's second bit is the interrupt's.
    $canInterrupt = $false
    if (Test-Path /proc/self/status) {
        $ignored = (Get-Content /proc/self/status | Where-Object { $_ -like 'SigIgn:*' }) -replace '^SigIgn:\s*'
        $canInterrupt = ([Convert]::ToInt64($ignored, 16) -band 2) -eq 0
    }
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'Session.ps1')

    # The console breaks lines where they are full, in long paths too.
    function Remove-Space([string] $Text) { $Text -replace '\s' }

    function Get-QuestionCount([string] $Screen) { [regex]::Matches((Remove-Space $Screen), 'Goon,withoutbeingaskedagain\?').Count }
}
AfterAll { Stop-Session }

Describe '-Confirm' -Tag 'Confirm' {
    It 'asks for each image until it is told otherwise: <Name>' -ForEach @(
        @{ Name = 'No'; Answers = "N`nN`n"; Questions = 2; Edits = 0 }
        @{ Name = 'No to All'; Answers = "L`n"; Questions = 1; Edits = 0 }
        @{ Name = 'Yes'; Answers = "Y`nY`n"; Questions = 2; Edits = 2 }
        @{ Name = 'Yes to All'; Answers = "A`n"; Questions = 1; Edits = 2 }
    ) {
        Reset-Session
        New-Image 'a.png', 'b.png'

        $shell = Invoke-Shell -Interactive -StandardInput $Answers "Get-ChildItem | Invoke-QwenImageEdit -Prompt 'Make it red' -Confirm -PollIntervalSec 0.1"

        $shell.Error | Should -BeNullOrEmpty
        $asked = [regex]::Matches((Remove-Space $shell.Output), 'Editwithqwen-image-edit-fastinto.+?\[Y\]')
        $asked | Should -HaveCount $Questions
        $asked[0].Value | Should -Match ([regex]::Escape((Remove-Space (Get-FullName 'a.png'))))
        @((Get-Ledger).jobs) | Should -HaveCount $Edits
        @(Get-RelativeFile) | Should -HaveCount (2 + $Edits)
    }
}

# An edit costs 0.0125: two cost less than 0.03, three cost more.
Describe '-ConfirmAbove' -Tag 'Confirm' {
    BeforeAll {
        $edit = 'Invoke-QwenImageEdit 0*.png -Prompt Blue -DestinationPath out/ -ConfirmAbove 0.03 -PollIntervalSec 0.1'
    }

    BeforeEach {
        Reset-Session
        New-Image '01.png', '02.png', '03.png', '04.png', '05.png', '06.png'
    }

    It 'asks once, and goes on after a Yes' {
        $shell = Invoke-Shell -Interactive -StandardInput "Y`n" ($edit -replace '0\.03', '0.02')

        $shell.Error | Should -BeNullOrEmpty
        Get-QuestionCount $shell.Output | Should -Be 1
        # The result of the first one may still be on its way to the pipeline.
        Remove-Space $shell.Output | Should -Match ([regex]::Escape((Remove-Space ('-ConfirmAbove 0.02 would be passed This run has spent 0.0125, ' +
                        'and what another edit costs is about 0.0125. 5 images are left at most, for about 0.0625.'))))
        $run = Get-QwenEditRun -Last 1
        $run.Received, $run.NotSubmitted, $run.Cost, $run.StoppedBy, $run.ExitCode | Should -Be 6, 0, 0.075, $null, 0
    }

    It 'receives what is in flight while the question stands, and lets the others wait' {
        $null = Invoke-QwenImageEdit 01.png -Prompt Learn -DestinationPath learnt/
        $asking = Start-Shell (New-ShellFile ($edit -replace 'Blue', 'emulate:seconds=600')) -Interactive
        try {
            # Both are in flight before the clock moves.
            $question = Wait-ShellOutput $asking 'again\?'
            Wait-Until { @((Get-Ledger).jobs).Count -eq 3 }
            $null = Invoke-Emulator clock/advance @{ minutes = 30 }
            Wait-Until { @(Get-RelativeFile) -match '^out/\d+\.png$' | Measure-Object | Where-Object Count -EQ 2 }
            @((Get-Ledger).jobs) | Should -HaveCount 3

            $asking.StandardInput.WriteLine('Y')
            Wait-Until { @((Get-Ledger).jobs).Count -eq 7 }
            $null = Invoke-Emulator clock/advance @{ minutes = 30 }
            $asking.StandardInput.Close()
            Wait-Shell $asking | Should -Not -Match 'again\?'
        }
        finally {
            Stop-Shell $asking
        }

        Remove-Space $question | Should -Be (Remove-Space ('-ConfirmAbove 0.03 would be passed This run has spent 0.00, 2 edits in flight cost ' +
                'about 0.025 together, and what another edit costs is about 0.0125. 4 images are left at most, for about 0.05. ' +
                'Go on, without being asked again?'))
        (Get-QwenEditRun -Last 1).Received | Should -Be 6
    }

    It 'submits nothing more after a No, and the same command goes on' {
        $shell = Invoke-Shell -Interactive -StandardInput "N`n" "
            `$null = $edit -ErrorVariable problems -ErrorAction SilentlyContinue
            `$problems | ForEach-Object { `$_.FullyQualifiedErrorId; `$_.ToString() }"

        Get-QuestionCount $shell.Output | Should -Be 1
        $id, $message = @($shell.Output.TrimEnd() -split '\r?\n')[-2, -1]
        # The id follows the question's last line.
        $id | Should -BeLike "*$(Get-ErrorId ConfirmAboveReached)"
        $message | Should -BeLike '-ConfirmAbove 0.03 would be passed, and the answer was No: this run has spent 0.0*'
        $message | Should -BeLike ('*4 images were not submitted and cost nothing. Run the same command again to continue, with a higher -ConfirmAbove, ' +
            'or with -Confirm:$false, which never asks. Finished edits are skipped.')
        $run = Get-QwenEditRun -Last 1
        $run.Total, $run.Received, $run.NotSubmitted, $run.Cost, $run.StoppedBy, $run.ExitCode | Should -Be 6, 2, 4, 0.025, 'ConfirmAbove', 8

        $again = Invoke-QwenImageEdit 0*.png -Prompt Blue -DestinationPath out/ -ConfirmAbove 0.03 -Confirm:$false

        ($again | Group-Object Status | Sort-Object Name | ForEach-Object { "$($_.Name) $($_.Count)" }) | Should -Be 'Received 4', 'Skipped 2'
        @((Get-Ledger).jobs) | Should -HaveCount 6
    }

    It 'says what to do where nobody can be asked, and loses nothing: <Name>' -ForEach @(
        @{ Name = '-NonInteractive'; Interactive = $false; Cause = 'System.Management.Automation.PSInvalidOperationException' }
        # What the console throws then.
        @{ Name = 'an empty standard input'; Interactive = $true; Cause = 'System.NullReferenceException' }
    ) {
        $shell = Invoke-Shell -Interactive:$Interactive "
            `$null = $edit -ErrorVariable problems -ErrorAction SilentlyContinue
            `$problems | ForEach-Object {
                `$_.FullyQualifiedErrorId
                `$_.CategoryInfo.Category
                `$_.Exception.GetBaseException().GetType().FullName
                `$_.ToString()
            }"

        $id, $category, $seen, $message = ($shell.Output.TrimEnd() -split '\r?\n')[-4..-1]
        # The id follows the last line of a question.
        $id | Should -BeLike "*$(Get-ErrorId ConfirmAboveReached)"
        $category | Should -Be 'LimitsExceeded'
        $seen | Should -Be $Cause
        foreach ($part in 'nobody can be asked here', 'another edit costs is about 0.0125', '-Confirm:$false') {
            $message.Contains($part) | Should -BeTrue
        }
        @((Get-Ledger).jobs) | Should -HaveCount 2
        $run = Get-QwenEditRun -Last 1
        $run.Received, $run.NotSubmitted, $run.StoppedBy, $run.ExitCode | Should -Be 2, 4, 'ConfirmAbove', 8
    }

    It 'asks before anything is sent at 0, and not for what is done' {
        $zero = 'Invoke-QwenImageEdit 01.png, 02.png -Prompt Blue -DestinationPath out/ -ConfirmAbove 0'
        $shell = Invoke-Shell -Interactive -StandardInput "N`n" "$zero -ErrorAction SilentlyContinue"

        Get-QuestionCount $shell.Output | Should -Be 1
        Remove-Space $shell.Output | Should -Match ([regex]::Escape((Remove-Space 'This run has spent 0.00, and what another edit costs is not known yet. 2 images are left at most. Go on')))
        (Get-Ledger).requests | Should -BeNullOrEmpty

        $null = Invoke-QwenImageEdit 01.png, 02.png -Prompt Blue -DestinationPath out/
        (& ([scriptblock]::Create($zero))).Status | Should -Be 'Skipped', 'Skipped'
    }

    It 'counts images from the pipeline as far as they have come' {
        $shell = Invoke-Shell -Interactive -StandardInput "N`n" "
            & {
                '01.png', '02.png'
                while (@(Get-QwenEditJob).Count -lt 2) { [System.Threading.Thread]::Sleep(50) }
                '03.png'
            } | Invoke-QwenImageEdit -Prompt Blue -ConfirmAbove 0 -ThrottleLimit 2 -ErrorAction SilentlyContinue"

        Get-QuestionCount $shell.Output | Should -Be 1
        Remove-Space $shell.Output | Should -Match ([regex]::Escape((Remove-Space '2 images are waiting, and more may come down the pipeline.')))
    }

    It 'may be a default of the session, which asks whoever spends' {
        $shell = Invoke-Shell -Interactive -StandardInput "N`n" "
            `$PSDefaultParameterValues = @{ '*-QwenImageEdit:ConfirmAbove' = 0.03; '*-Qwen*:PollIntervalSec' = 0.1 }
            `$null = Submit-QwenImageEdit *.png -Prompt Blue -RunVariable run -ErrorVariable problems -ErrorAction SilentlyContinue
            `$null = Resume-QwenImageEdit
            `$null = Measure-QwenImageEdit *.png -Prompt Blue
            `$problems | ForEach-Object FullyQualifiedErrorId
            '{0} {1} {2} {3}' -f `$run.Submitted, `$run.NotSubmitted, `$run.StoppedBy, `$run.ExitCode"

        $shell.Error | Should -BeNullOrEmpty
        Get-QuestionCount $shell.Output | Should -Be 1
        $id, $run = @($shell.Output.TrimEnd() -split '\r?\n')[-2, -1]
        $id | Should -BeLike "*$(Get-ErrorId ConfirmAboveReached SubmitQwenImageEdit)"
        $run | Should -Be '2 4 ConfirmAbove 8'
    }

    It 'does not lift -MaxCost by a Yes' {
        $shell = Invoke-Shell -Interactive -StandardInput "Y`n" "
            `$null = $edit -MaxCost 0.055 -ErrorVariable problems -ErrorAction SilentlyContinue
            `$problems | ForEach-Object FullyQualifiedErrorId"

        Get-QuestionCount $shell.Output | Should -Be 1
        $shell.Output.TrimEnd() | Should -BeLike "*$(Get-ErrorId MaxCostReached)"
        $run = Get-QwenEditRun -Last 1
        $run.Received, $run.NotSubmitted, $run.StoppedBy | Should -Be 4, 2, 'MaxCost'
    }

    It 'is never reached above -MaxCost' {
        $run = Invoke-Script { Invoke-QwenImageEdit *.png -Prompt Blue -ConfirmAbove 0.03 -MaxCost 0.025 }

        $run.Errors.FullyQualifiedErrorId | Should -Be (Get-ErrorId MaxCostReached)
    }

    It 'asks about a cost that the service does not name' {
        $shell = Invoke-Shell -Interactive -StandardInput "Y`n" ($edit -replace 'Blue', 'emulate:no-metrics' -replace '0\.03', '1')

        $shell.Error | Should -BeNullOrEmpty
        Get-QuestionCount $shell.Output | Should -Be 1
        Remove-Space $shell.Output | Should -Match ([regex]::Escape((Remove-Space 'This run has spent an amount that the service did not name, and')))
        $run = Get-QwenEditRun -Last 1
        $run.Received, $run.ExitCode | Should -Be 6, 0
    }

    It 'can be answered by Ctrl+C, after which the same command receives what was paid for' -Skip:(-not $canInterrupt) {
        $null = Invoke-QwenImageEdit 01.png -Prompt Learn -DestinationPath learnt/
        $long = $edit -replace 'Blue', 'emulate:seconds=600'
        $asking = Start-Shell (New-ShellFile $long) -Interactive
        try {
            $null = Wait-ShellOutput $asking 'again\?'
            & kill -INT $asking.Id
            # The console reads a line that is not typed to its end before it stops.
            $asking.StandardInput.WriteLine('Y')
            $null = Wait-Shell $asking
        }
        finally {
            Stop-Shell $asking
        }
        $run = Get-QwenEditRun -Last 1
        $run.Status, $run.StoppedBy, $run.ExitCode | Should -Be 'Ended', 'Cancelled', 5

        $again = Start-Shell (New-ShellFile "$long -Confirm:`$false")
        try {
            Wait-Until { @((Get-Ledger).jobs).Count -eq 7 }
            $null = Invoke-Emulator clock/advance @{ minutes = 30 }
            $null = Wait-Shell $again
            $again.StandardError.ReadToEnd() | Should -BeNullOrEmpty
        }
        finally {
            Stop-Shell $again
        }
        @((Get-Ledger).jobs) | Should -HaveCount 7
        (Get-QwenEditRun -Last 1).ExitCode | Should -Be 0
    }

    It 'refuses less than nothing: <_>' -ForEach '-1', '-0.01' {
        { Invoke-QwenImageEdit *.png -Prompt Blue -ConfirmAbove $_ } | Should -Throw -ErrorId (Get-ErrorId ParameterArgumentValidationError)
    }
}
