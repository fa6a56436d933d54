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

    It 'takes the rows of a CSV file' {
        'Path,Prompt,Seed,DestinationPath', 'a.png,Make it red,7,red.png', 'b.png,Make it blue,,blue.png' | Set-Content edits.csv

        $results = Import-Csv edits.csv | Invoke-QwenImageEdit

        $results | Sort-Object Prompt | ForEach-Object { "$($_.Prompt) $($_.Seed) $(Split-Path $_.Destination -Leaf)" } |
            Should -Be 'Make it blue 760941192 blue.png', 'Make it red 7 red.png'
    }

    It 'takes script blocks for what differs from image to image' {
        $results = Get-ChildItem *.png | Invoke-QwenImageEdit -Prompt { "Write '$($_.BaseName)'" } -DestinationPath { "out/$($_.Name)" }

        $results.Prompt | Sort-Object | Should -Be "Write 'a'", "Write 'b'", "Write 'c d'"
        Get-ChildItem out | Should -HaveCount 3
    }

    It 'does nothing with -WhatIf' {
        $before = (Get-Ledger).requests.Count

        Get-ChildItem *.png | Invoke-QwenImageEdit -Prompt 'Make it snow' -WhatIf | Should -BeNullOrEmpty

        (Get-Ledger).requests.Count | Should -Be $before
    }

    It 'stops when downstream has enough, and loses no paid job' {
        $one = Get-ChildItem *.png | Invoke-QwenImageEdit -Prompt 'Make it dawn' | Select-Object -First 1
        $one.Status | Should -Be 'Received'

        $all = @(Get-ChildItem [abc]*.png -Exclude *-edited.png | Invoke-QwenImageEdit -Prompt 'Make it dawn')

        $all | Should -HaveCount 3
        $mine = @((Get-Ledger).jobs | Where-Object prompt -EQ 'Make it dawn')
        $mine | Should -HaveCount 3
    }

    It 'goes on with the others after an error' {
        Set-Content bad.png 'not an image'

        $results = Invoke-QwenImageEdit *.png 'Make it calm' -ErrorVariable problems -ErrorAction SilentlyContinue

        $results | Should -HaveCount 3
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'NotAnImage,*'
    }

    It 'throws with -ErrorAction Stop' {
        { Invoke-QwenImageEdit missing.png 'x' -ErrorAction Stop } | Should -Throw -ErrorId 'ImageNotFound,*'
    }

    It 'fills the variable that a scheduled task ends by' {
        $null = Invoke-QwenImageEdit a.png 'Make it new' -RunVariable run

        $run.ExitCode | Should -Be 0
        $run.Received | Should -Be 1
        (Get-QwenEditRun -Last 1).RunId | Should -Be $run.RunId
    }

    It 'says beforehand what a call would do' {
        $forecast = Measure-QwenImageEdit *.png 'Make it dear'

        $forecast.ToSubmit | Should -Be 3
        $forecast.Problems | Should -BeNullOrEmpty
    }

    It 'knows the balance' { (Get-QwenEditCredit).Credits | Should -BeGreaterThan 0 }

    It 'takes PSDrives and long paths that are not ASCII' {
        $null = New-PSDrive -Name Posters -PSProvider FileSystem -Root $PWD
        $deep = Join-Path $PWD (('海报' * 20), ('é' * 60), ('x' * 80) -join [System.IO.Path]::DirectorySeparatorChar)
        $null = New-Item $deep -ItemType Directory
        Copy-Item a.png (Join-Path $deep 'größe [1].png')

        (Invoke-QwenImageEdit Posters:/a.png 'Make it a drive').Destination | Should -Be (Join-Path $PWD 'a-edited.png')
        (Get-ChildItem $deep | Invoke-QwenImageEdit -Prompt 'Make it deep').Status | Should -Be 'Received'
        Remove-PSDrive Posters
    }
}
