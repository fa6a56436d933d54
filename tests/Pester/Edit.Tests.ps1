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

Describe 'Jobs' -Tag 'Job' {
    BeforeEach {
        Reset-Session
        New-Image 'a.png', 'b.png'
    }

    It 'are submitted now and received later' {
        $jobs = Get-ChildItem *.png | Submit-QwenImageEdit -Prompt 'Later'

        $jobs | Get-QwenEditStatus -Wait | ForEach-Object Status | Should -Be 'Completed', 'Completed'
        ($jobs | Receive-QwenEditResult -Wait).Status | Should -Be 'Received', 'Received'
    }

    It 'are received from a file that another session wrote' {
        Get-ChildItem *.png | Submit-QwenImageEdit -Prompt 'On paper' | Export-Clixml jobs.xml

        (Import-Clixml jobs.xml | Where-Object Status -EQ Queued).Count | Should -Be 2
        (Import-Clixml jobs.xml | Receive-QwenEditResult -Wait).Status | Should -Be 'Received', 'Received'
    }

    It 'keep what matters as JSON and CSV' {
        $job = Submit-QwenImageEdit a.png 'As text'

        ($job | ConvertTo-Json | ConvertFrom-Json).RequestId | Should -Be $job.RequestId
        ($job | ConvertTo-Csv | ConvertFrom-Csv | Receive-QwenEditResult -Wait).Status | Should -Be 'Received'
    }

    It 'are received by whoever comes next' {
        $jobs = Get-ChildItem *.png | Submit-QwenImageEdit -Prompt 'Unfinished'

        $resumed = Resume-QwenImageEdit | Where-Object Prompt -EQ 'Unfinished'

        $resumed.RequestId | Sort-Object | Should -Be ($jobs.RequestId | Sort-Object)
        Get-QwenEditJob -Status Queued, Processing, Completed | Should -BeNullOrEmpty
    }

    It 'are forgotten only when they are finished, or by force' {
        $job = Submit-QwenImageEdit a.png 'Forgotten'

        { $job | Remove-QwenEditJob -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'JobUnfinished,*'
        $job | Remove-QwenEditJob -Force -Confirm:$false
        Get-QwenEditJob | Where-Object EditId -EQ $job.EditId | Should -BeNullOrEmpty
    }
}
