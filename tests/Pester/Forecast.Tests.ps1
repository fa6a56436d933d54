#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    . (Join-Path $PSScriptRoot 'Session.ps1')

    function Get-Count($Forecast) { '{0} images: {1} to submit, {2} to receive, {3} done' -f $Forecast.Images, $Forecast.ToSubmit, $Forecast.ToReceive, $Forecast.Done }
}
AfterAll { Stop-Session }

Describe 'Measure-QwenImageEdit' -Tag 'Forecast' {
    BeforeEach { Reset-Session }

    It 'counts new images, and sends and writes nothing' {
        New-Image 'a.png', 'b.png'
        Set-Content c.png 'a text'

        $forecast = Get-ChildItem *.png | Measure-QwenImageEdit -Prompt 'Make it red' -ApiKey ''

        Get-Count $forecast | Should -Be '3 images: 2 to submit, 0 to receive, 0 done'
        $forecast.Bytes | Should -Be (Get-ChildItem a.png, b.png | Measure-Object Length -Sum).Sum
        $forecast.Problems | Should -HaveCount 1
        $forecast.Problems | Should -BeLike '*c.png*'
        $forecast.ExpectedCost | Should -BeNullOrEmpty
        $forecast.ExpectedDuration | Should -BeNullOrEmpty
        (Get-Ledger).requests | Should -BeNullOrEmpty
        Get-RelativeFile | Should -Be 'a.png', 'b.png', 'c.png'
    }

    It 'expects the cost and the time that the journal has seen' {
        New-Image 'a.png'
        $null = Invoke-QwenImageEdit a.png 'Make it red'
        New-Image 'b.png', 'c.png', 'd.png'

        $forecast = Measure-QwenImageEdit *.png 'Make it red' -ThrottleLimit 2 -WarningAction Stop

        # a-edited.png is the result of a.png.
        Get-Count $forecast | Should -Be '4 images: 3 to submit, 0 to receive, 1 done'
        $forecast.LeftOut | Should -Be 1
        $forecast.Problems | Should -BeNullOrEmpty
        $forecast.ExpectedCost | Should -Be 0.0375
        $forecast.ExpectedDuration.TotalMilliseconds | Should -BeGreaterThan 0
        $forecast.ExpectedDuration.TotalMinutes | Should -BeLessThan 5
    }

    It 'counts what is submitted as to receive, and what is unknown as a problem' {
        New-Image 'a.png', 'b.png'
        $null = Submit-QwenImageEdit a.png 'Make it red' -DestinationPath out
        $null = Invoke-Emulator faults @{ kind = 'reset-after-accepting'; route = 'submit' }
        $null = Submit-QwenImageEdit b.png 'Make it red' -DestinationPath out -ErrorAction Ignore
        $requests = @((Get-Ledger).requests).Count

        $forecast = Measure-QwenImageEdit *.png 'Make it red' -DestinationPath out
        $resubmitting = Measure-QwenImageEdit *.png 'Make it red' -DestinationPath out -Resubmit Unknown

        Get-Count $forecast | Should -Be '2 images: 0 to submit, 1 to receive, 0 done'
        $forecast.Problems | Should -HaveCount 1
        $forecast.Problems | Should -BeLike '*b.png*'
        Get-Count $resubmitting | Should -Be '2 images: 1 to submit, 1 to receive, 0 done'
        (Get-Ledger).requests | Should -HaveCount $requests
    }

    It 'counts a file that is in the way as a problem, unless forced' {
        New-Image 'a.png', 'a-edited.png'

        (Measure-QwenImageEdit a.png 'Make it red').Problems | Should -BeLike '*a-edited.png*'
        Get-Count (Measure-QwenImageEdit a.png 'Make it red' -Force) | Should -Be '1 images: 1 to submit, 0 to receive, 0 done'
    }

    It 'takes whatever Invoke-QwenImageEdit takes' {
        (Get-Command Invoke-QwenImageEdit).Parameters.Keys | Where-Object { $_ -notin (Get-Command Measure-QwenImageEdit).Parameters.Keys } | Sort-Object |
            Should -Be 'Confirm', 'WhatIf'
    }

    It 'expects nothing of no image' {
        Get-Count (@() | Measure-QwenImageEdit -Prompt 'Make it red') | Should -Be '0 images: 0 to submit, 0 to receive, 0 done'
    }
}

Describe 'Get-QwenEditCredit' -Tag 'Forecast' {
    BeforeEach { Reset-Session }

    It 'returns what is left after an edit' {
        New-Image 'a.png'

        $before = Get-QwenEditCredit
        $null = Invoke-QwenImageEdit a.png 'Make it red'
        $after = Get-QwenEditCredit

        $before.Credits, $after.Credits | Should -Be 100, 99.9875
        $before.FreeCredits | Should -Be 0
        $before.Endpoint | Should -Be ([uri] $env:SEGMIND_ENDPOINT)
        $before.psobject.TypeNames[0] | Should -Be 'QwenEdit.EditCredit'
    }

    It 'tries again after a fault that passes' {
        $null = Invoke-Emulator faults @{ kind = 'answer'; route = 'credits'; status = 503; next = 1 }

        (Get-QwenEditCredit).Credits | Should -Be 100
        (Get-Ledger).requests.status | Should -Be 503, 200
    }

    It 'refuses an answer without credits' {
        $null = Invoke-Emulator faults @{ kind = 'answer'; route = 'credits'; status = 200; body = @{ balance = 3 } }

        $run = Invoke-Script { Get-QwenEditCredit }

        $run.ErrorIds | Should -Be (Get-ErrorId UnexpectedAnswer GetQwenEditCredit)
        $run.Output | Should -BeNullOrEmpty
    }

    It 'is no run' {
        $null = Get-QwenEditCredit

        Get-QwenEditRun | Should -BeNullOrEmpty
    }
}
