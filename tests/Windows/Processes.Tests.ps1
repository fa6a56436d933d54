BeforeAll {
    . (Join-Path $PSScriptRoot 'Session.ps1')

    # Each image with a prompt of its own, by which the account's history tells their jobs apart.
    $edit = 'Get-ChildItem *.png | Invoke-QwenImageEdit -Prompt { "Edit $($_.Name)" } -DestinationPath out -ThrottleLimit 4 -RunVariable run'
}

Describe 'A process of Windows that is killed' {
    BeforeEach {
        Enter-EmptyScene
        $images = 1..8 | ForEach-Object { "$_.png" }
        New-Image $images
    }

    AfterEach { Stop-Shell }

    It 'pays for nothing twice and loses nothing: <Name>' -ForEach @(
        @{
            Name = 'while it waits for the answers to its submissions'
            Fault = @{ kind = 'delay-headers'; route = 'submit'; delay_seconds = 600 }
            Instant = { (Get-Ledger).jobs.Count -eq 4 }
        }
        @{
            Name = 'while it waits for its jobs'
            Fault = @{ kind = 'answer'; route = 'status'; body = @{ status = 'PROCESSING' }; status = 200 }
            Instant = { @((Get-Ledger).requests | Where-Object route -EQ 'status').Count -ge 4 }
        }
        @{
            Name = 'in the middle of its downloads'
            Fault = @{ kind = 'delay-body'; route = 'file'; delay_seconds = 600 }
            Instant = { @((Get-Ledger).requests | Where-Object route -EQ 'file').Count -eq 4 -and (Get-ChildItem out -File -Force) }
        }
        @{
            Name = 'when half of it is done'
            Fault = @{ kind = 'delay-headers'; route = 'submit'; delay_seconds = 600; skip = 4 }
            Instant = { @(Get-ChildItem out -Filter *.png -ErrorAction Ignore).Count -eq 4 -and (Get-Ledger).jobs.Count -eq 8 }
        }
    ) {
        $null = Invoke-Control faults Post $Fault
        $process = Start-Shell $edit
        Wait-Until $Instant $process
        Stop-Shell $process
        $null = Invoke-Control faults Delete

        $again = Wait-Shell (Start-Shell $edit)

        $again.Errors | Should -BeNullOrEmpty
        $again.ExitCode | Should -Be 0
        Assert-EachEditedOnce $images out
    }

    It 'pays for nothing twice when it is killed again and again' {
        $null = Invoke-Control faults Post @{ kind = 'delay-headers'; delay_seconds = 0.2 }
        $kills = 0
        while ($kills -lt 5) {
            $until = (Get-Ledger).requests.Count + 3 * ($kills + 1)
            $process = Start-Shell $edit
            Wait-Until { $process.HasExited -or (Get-Ledger).requests.Count -ge $until } $process
            if ($process.HasExited) { break }
            Stop-Shell $process
            $kills++
        }

        $kills | Should -BeGreaterThan 1
        $null = Invoke-Control faults Delete
        $null = Wait-Shell (Start-Shell $edit)

        $jobs = (Get-Ledger).jobs
        ($jobs.prompt | Sort-Object -Unique).Count | Should -Be $jobs.Count -Because 'no edit is billed twice'
        # A request of which nobody can know yet whether it arrived is unknown; a job there is received.
        $unknown = @(Get-QwenEditJob -Status Unknown)
        Get-ChildItem out -File -Force | Should -HaveCount ($images.Count - $unknown.Count)
        $jobs.prompt | Should -Not -BeIn $unknown.Prompt
    }
}

Describe 'Two processes of Windows' {
    BeforeEach { Enter-EmptyScene }
    AfterEach { Stop-Shell }

    It 'share a journal, and pay for nothing twice' {
        $images = 1..16 | ForEach-Object { "$_.png" }
        New-Image $images

        $processes = 1..2 | ForEach-Object { Start-Shell $edit }
        $ended = $processes | ForEach-Object { Wait-Shell $_ }

        # What one works on is busy for the other, and is no failure.
        $ended.ExitCode | Should -BeIn 0, 11
        Assert-EachEditedOnce $images out
    }
}

Describe 'The exit code of a script on Windows' {
    BeforeEach {
        Enter-EmptyScene
        New-Image 'a.png'
    }

    AfterEach { Stop-Shell }

    It 'is <Code>: <Name>' -ForEach @(
        @{ Code = 0; Name = 'every image is at its destination'; Script = 'Invoke-QwenImageEdit a.png Night -RunVariable run' }
        @{ Code = 1; Name = 'no image'; Script = 'Set-Content b.png text; Invoke-QwenImageEdit *.png Night -RunVariable run' }
        @{ Code = 5; Name = 'not ended in time'; Script = 'Invoke-QwenImageEdit a.png emulate:queued -TimeoutSec 1 -RunVariable run' }
        @{ Code = 7; Name = 'a key that is refused'; Script = 'Invoke-QwenImageEdit a.png Night -ApiKey SG_fedcba9876543210 -RunVariable run' }
        @{ Code = 8; Name = 'nobody to ask'; Script = 'Invoke-QwenImageEdit a.png Night -ConfirmAbove 0 -RunVariable run' }
        @{ Code = 12; Name = 'no drive for the journal'; Script = 'Invoke-QwenImageEdit a.png Night -JournalPath Q:\journal.db -RunVariable run' }
        @{ Code = 12; Name = 'no drive for the result'; Script = 'Invoke-QwenImageEdit a.png Night -DestinationPath Q:\out -RunVariable run' }
        @{ Code = 12; Name = 'a destination below a file'; Script = 'Invoke-QwenImageEdit a.png Night -DestinationPath a.png\out -RunVariable run' }
    ) {
        (Wait-Shell (Start-Shell $Script)).ExitCode | Should -Be $Code
    }

    It 'is 11: another process works on the same edit' {
        $process = Start-Shell 'Invoke-QwenImageEdit a.png emulate:queued -RunVariable run'
        Wait-Until { (Get-Ledger).jobs } $process

        (Wait-Shell (Start-Shell 'Invoke-QwenImageEdit a.png emulate:queued -RunVariable run')).ExitCode | Should -Be 11

        (Get-Ledger).jobs | Should -HaveCount 1
    }

    It 'is 20: an outcome that nobody knows' {
        $null = Invoke-Control faults Post @{ kind = 'reset-after-accepting'; route = 'submit' }
        $null = Invoke-Control faults Post @{ kind = 'answer'; route = 'history'; status = 404 }

        (Wait-Shell (Start-Shell 'Invoke-QwenImageEdit a.png Night -RunVariable run')).ExitCode | Should -Be 20

        (Get-Ledger).jobs | Should -HaveCount 1
    }
}
