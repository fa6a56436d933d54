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
