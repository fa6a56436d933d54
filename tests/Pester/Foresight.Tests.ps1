#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll { . (Join-Path $PSScriptRoot 'Session.ps1') }
AfterAll { Stop-Session }

Describe '-WhatIf and Measure-QwenImageEdit' -Tag 'Foresight' {
    BeforeEach {
        Reset-Session
        New-Image 'new.png', 'done.png', 'taken.png', 'job.png'
        $null = Invoke-QwenImageEdit done.png 'Make it red' -DestinationPath out/
        $null = Submit-QwenImageEdit job.png 'Make it red' -DestinationPath out/
        New-Image 'out/taken.png'
    }

    It 'tell what the run does: skips, jobs and refusals' {
        $screen = Get-Screen {
            Get-ChildItem *.png | Invoke-QwenImageEdit -Prompt 'Make it red' -DestinationPath out -WhatIf -ErrorAction SilentlyContinue -ErrorVariable problems
            $problems | ForEach-Object { "problem: $($_.FullyQualifiedErrorId) of $(Split-Path $_.TargetObject -Leaf)" }
        }
        $forecast = Get-ChildItem *.png | Measure-QwenImageEdit -Prompt 'Make it red' -DestinationPath out
        (Get-Ledger).jobs | Should -HaveCount 2
        $run = Invoke-Script { Get-ChildItem *.png | Invoke-QwenImageEdit -Prompt 'Make it red' -DestinationPath out }

        # A screen breaks its lines where it ends.
        $screen = $screen -replace '\s+', ' '
        $screen | Should -BeLike '*"Skip, as the edited image is there already*done.png*'
        $screen | Should -BeLike '*"Receive the image that an earlier run paid for into*job.png*'
        $screen | Should -BeLike '*"Edit with qwen-image-edit-fast into*new.png*'
        $screen | Should -Not -BeLike '*on target*taken.png".*'
        $forecast.ToSubmit, $forecast.ToReceive, $forecast.Done, $forecast.Problems.Count | Should -Be 1, 1, 1, 1

        $screen | Should -BeLike "*problem: $(Get-ErrorId DestinationExists) of taken.png*"
        $run.ErrorIds | Should -Be (Get-ErrorId DestinationExists)
        $run.Output | Sort-Object Source | ForEach-Object { "$(Split-Path $_.Source -Leaf) $($_.Status)" } |
            Should -Be 'done.png Skipped', 'job.png Resumed', 'new.png Received'
    }

    It 'tell of results that are left out' {
        $null = Invoke-QwenImageEdit new.png 'Make it blue'

        $screen = (Get-Screen { Invoke-QwenImageEdit new*.png 'Make it blue' -WhatIf }) -replace '\s+', ' '

        $screen | Should -BeLike '*"Leave out*new-edited.png*'
        $screen | Should -BeLike '*"Skip*new.png*'
    }

    It 'make no journal' {
        $env:QWENEDIT_JOURNAL = Join-Path $TestDrive "$([guid]::NewGuid())/journal.db"

        $null = Get-Screen { Invoke-QwenImageEdit new.png 'Make it red' -WhatIf }

        $env:QWENEDIT_JOURNAL | Should -Not -Exist
    }
}
