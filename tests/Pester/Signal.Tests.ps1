#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# Processes that are interrupted, asked to end, or killed while their jobs are out. Signals and command lines are read as Linux shows them.

BeforeDiscovery { $showsSignals = Test-Path /proc/self/status }

BeforeAll {
    . (Join-Path $PSScriptRoot 'Session.ps1')

    # A process that was started with a signal ignored (nohup, a shell's background) passes that on to its children.
    function Test-SignalIgnored([int] $Number) {
        $mask = (Get-Content /proc/self/status | Where-Object { $_ -like 'SigIgn:*' }) -replace '^SigIgn:\s*'
        [bool] ([Convert]::ToUInt64($mask, 16) -band ([uint64] 1 -shl ($Number - 1)))
    }

    # Two jobs that are under way until the emulator's clock is advanced.
    $edit = "Get-ChildItem *.png | Invoke-QwenImageEdit -Prompt 'emulate:seconds=600' -DestinationPath done -PollIntervalSec 0.1 -RunVariable run"
    $task = "$edit`nexit `$run.ExitCode"

    # Starts a script, and waits until the journal has both of its jobs.
    function Start-Task([string] $Script) {
        $shell = Start-Shell (New-ShellFile $Script)
        Wait-Until { @(Get-QwenEditJob -Status Queued).Count -eq 2 }
        $shell
    }

    # Returns the exit code of a process that is about to end, and what it has written.
    function Get-ShellEnd([System.Diagnostics.Process] $Shell) {
        $output = $Shell.StandardOutput.ReadToEndAsync()
        $standardError = $Shell.StandardError.ReadToEndAsync()
        $Shell.WaitForExit(120000) | Should -BeTrue -Because 'the process ends by itself'
        [pscustomobject] @{ ExitCode = $Shell.ExitCode; Output = $output.Result; Error = $standardError.Result }
    }
}
AfterAll { Stop-Session }

Describe 'A process whose jobs are out' -Tag 'Signal' -Skip:(-not $showsSignals) {
    BeforeEach {
        Reset-Session
        New-Image 'a.png', 'b.png'
        $shell = $null
    }

    AfterEach {
        if ($shell) { Stop-Shell $shell }
    }

    # After Ctrl+C, PowerShell goes on to no further line of a script; its own exit code is 0 or 1, as its threads happen to end. After the other
    # two, the call ends with the error RunTerminated, which nobody may be left to read, and then the process by the system's own handling of the
    # signal.
    It 'ends at <Name>, and the same command then receives all without a second bill' -ForEach @(
        @{ Name = 'Ctrl+C (SIGINT)'; Signal = 'INT'; Number = 2; ExitCode = 0, 1 }
        @{ Name = 'a request to end (SIGTERM)'; Signal = 'TERM'; Number = 15; ExitCode = 143 }
        @{ Name = 'the end of its terminal (SIGHUP)'; Signal = 'HUP'; Number = 1; ExitCode = 129 }
    ) {
        if (Test-SignalIgnored $Number) {
            Set-ItResult -Skipped -Because "SIG$Signal is ignored in this process, and so in its children"
            return
        }

        $shell = Start-Task $task
        & kill "-$Signal" $shell.Id

        (Get-ShellEnd $shell).ExitCode | Should -BeIn $ExitCode
        $run = Get-QwenEditRun -Last 1
        $run.Status, $run.StoppedBy, $run.ExitCode | Should -Be 'Ended', 'Cancelled', 5
        (Get-QwenEditJob).Status | Should -Be 'Queued', 'Queued'

        $null = Invoke-Emulator clock/advance @{ minutes = 10 }
        (Invoke-Shell $task).ExitCode | Should -Be 0
        @(Get-ChildItem done) | Should -HaveCount 2
        (Get-QwenEditRun -Last 1).Resumed | Should -Be 2
        $ledger = Get-Ledger
        @($ledger.jobs) | Should -HaveCount 2
        $ledger.billed | Should -Be 0.025
    }

    It 'has counts that add up after Ctrl+C in the middle of thirty images: <Name>' -ForEach @(
        @{ Name = 'a wildcard'; Total = 30; Command = "Invoke-QwenImageEdit *.png -Prompt 'emulate:seconds=600'"; Received = 0 }
        @{
            Name     = 'the pipeline'
            Total    = 0
            Command  = "Get-ChildItem *.png | Invoke-QwenImageEdit -Prompt { if (`$_.BaseName -like '0?') { 'Make it red' } else { 'emulate:seconds=600' } }"
            Received = 9
        }
    ) {
        if (Test-SignalIgnored 2) {
            Set-ItResult -Skipped -Because 'SIGINT is ignored in this process, and so in its children'
            return
        }
        Remove-Item *.png
        New-Image (1..30 | ForEach-Object { '{0:00}.png' -f $_ })

        $shell = Start-Shell (New-ShellFile "$Command -DestinationPath done -ThrottleLimit 8 -PollIntervalSec 0.1")
        # As many as may be under way, so that no submission is on its way.
        Wait-Until { @(Get-QwenEditJob -Status Received).Count -eq $Received -and @(Get-QwenEditJob -Status Queued, Processing).Count -eq 8 }
        & kill -INT $shell.Id
        $null = Get-ShellEnd $shell

        $run = Get-QwenEditRun -Last 1
        "$($run.StoppedBy)" | Should -Be 'Cancelled'
        Get-CountSum $run | Should -Be $run.Total
        $run.Total | Should -BeGreaterOrEqual $Total
        # What is left at the service counts as submitted. A file that was written just then may have been left, too.
        $run.Submitted | Should -BeGreaterOrEqual 8
        $run.Submitted + $run.Received | Should -Be (8 + $Received)
        @((Get-Ledger).jobs) | Should -HaveCount (8 + $Received)
    }

    It 'is Interrupted when it is killed, and the same command receives all' {
        $shell = Start-Task $task
        $shell.Kill()
        $shell.WaitForExit()

        $run = Get-QwenEditRun -Last 1
        $run.Status, $run.EndedAt, $run.ExitCode | Should -Be 'Interrupted', $null, 5
        $null = Invoke-Emulator clock/advance @{ minutes = 10 }
        (Invoke-Shell $task).ExitCode | Should -Be 0
        (Get-Ledger).billed | Should -Be 0.025
    }

    It 'has the key on no command line, and leaves a log that is whole and without the key' {
        $shell = Start-Task "$edit -LogPath logs"
        # The journal has a job before the log has its line.
        Wait-Until { @(Get-Content logs/*.jsonl | Where-Object { $_ -like '*"edit.submitted"*' }).Count -eq 2 }
        $lines = foreach ($process in Get-ChildItem /proc -Directory | Where-Object Name -Match '^\d+$') {
            # A process may have ended since.
            Get-Content (Join-Path $process.FullName cmdline) -Raw -ErrorAction Ignore
        }
        $shell.Kill()
        $shell.WaitForExit()

        $lines -like "*pwsh*-File*$TestDrive*" | Should -HaveCount 1
        $lines -like "*$env:SEGMIND_API_KEY*" | Should -BeNullOrEmpty
        $log = Get-Content logs/*.jsonl -Raw
        $log | Should -BeLike "*}`n"
        $log -split "`n" -like '*"edit.submitted"*' | Should -HaveCount 2
        $log | Should -Not -BeLike "*$env:SEGMIND_API_KEY*"
    }
}
