#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll { . (Join-Path $PSScriptRoot 'Session.ps1') }
AfterAll { Stop-Session }

Describe 'Editing images' -Tag 'Edit' {
    BeforeEach {
        Reset-Session
        New-Image 'a.png', 'b.png', 'c d.png'
    }

    It 'edits what Get-ChildItem finds, beside the originals' {
        $results = Get-ChildItem *.png | Invoke-QwenImageEdit -Prompt "Change '1000$' to '5$'"

        $results.Status | Should -Be 'Received', 'Received', 'Received'
        (Get-ChildItem *-edited.png).Name | Sort-Object | Should -Be 'a-edited.png', 'b-edited.png', 'c d-edited.png'
        $results | Get-Item | Should -HaveCount 3
    }

    It 'pays for nothing twice' {
        $first = Invoke-QwenImageEdit *.png 'Make it night' -DestinationPath night
        $again = Invoke-QwenImageEdit *.png 'Make it night' -DestinationPath night

        ($first | Measure-Object Cost -Sum).Sum | Should -BeGreaterThan 0
        $again.Status | Should -Be 'Skipped', 'Skipped', 'Skipped'
        ($again | Measure-Object Cost -Sum).Sum | Should -Be 0
    }

    It 'stops when downstream has enough, and loses no paid job' {
        $one = Get-ChildItem *.png | Invoke-QwenImageEdit -Prompt 'Make it dawn' | Select-Object -First 1
        $one.Status | Should -Be 'Received'

        $all = @(Get-ChildItem [abc]*.png -Exclude *-edited.png | Invoke-QwenImageEdit -Prompt 'Make it dawn')

        $all | Should -HaveCount 3
        $mine = @((Get-Ledger).jobs | Where-Object prompt -EQ 'Make it dawn')
        $mine | Should -HaveCount 3
    }

    It 'fills the variable that a scheduled task ends by' {
        $null = Invoke-QwenImageEdit a.png 'Make it new' -RunVariable run

        $run.ExitCode | Should -Be 0
        $run.Received | Should -Be 1
        (Get-QwenEditRun -Last 1).RunId | Should -Be $run.RunId
    }
}
