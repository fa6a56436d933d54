#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    . (Join-Path $PSScriptRoot 'Session.ps1')

    # The most edits that were under way at the same time: each from its submission until its output was asked for.
    function Get-MostUnderWay {
        $now = $most = 0
        foreach ($request in (Get-Ledger).requests) {
            switch ($request.route) {
                submit { $now++ }
                file { $now-- }
            }
            $most = [Math]::Max($most, $now)
        }
        $most
    }
}
AfterAll { Stop-Session }

Describe 'Results' -Tag 'Streaming' {
    BeforeEach { Reset-Session }

    It 'come as they finish' {
        New-Image 'quick.png', 'slow.png'

        $results = 'slow.png', 'quick.png' | Invoke-QwenImageEdit -Prompt { "emulate:seconds=$(if ($_ -eq 'slow.png') { 3 } else { 0.1 })" }

        $results.Source | Should -Be (Get-FullName quick.png, slow.png)
    }

    It 'come in the order of the images with -ThrottleLimit 1' {
        $names = 1..12 | ForEach-Object { '{0:00}.png' -f $_ }
        New-Image $names

        $results = $names | Invoke-QwenImageEdit -Prompt { "Edit $_" } -ThrottleLimit 1

        $results.Source | Should -Be (Get-FullName $names)
        (Get-Ledger).jobs.prompt | Should -Be ($names | ForEach-Object { "Edit $_" })
    }

    It 'come before the last image is read: <Command> -ThrottleLimit <Limit>' -ForEach @(
        @{ Command = 'Invoke-QwenImageEdit'; Limit = 1 }
        @{ Command = 'Invoke-QwenImageEdit'; Limit = 2 }
        @{ Command = 'Submit-QwenImageEdit'; Limit = 1 }
    ) {
        New-Image '1.png', '2.png', '3.png', '4.png'
        $seen = [System.Collections.Generic.List[object]]::new()

        $early = & {
            '1.png', '2.png'
            # The first images are held back for a moment.
            Wait-Until { Get-QwenEditJob }
            '3.png'
            # The fourth is read when there is room for it, which is after a result.
            $script:before = $seen.Count
            '4.png'
        } | & $Command -Prompt 'Make it red' -ThrottleLimit $Limit | ForEach-Object { $seen.Add($_); $_ }

        $early | Should -HaveCount 4
        $before | Should -BeGreaterThan 0
    }

    It 'of jobs are not waited for by Submit-QwenImageEdit' {
        New-Image '1.png', '2.png'

        $jobs = Submit-QwenImageEdit *.png 'emulate:queued'

        $ledger = Get-Ledger
        $jobs.RequestId | Sort-Object | Should -Be ($ledger.jobs.request_id | Sort-Object)
        $ledger.requests.route | Should -Be 'submit', 'submit'
    }

    It 'are as many as the images' {
        New-Image (1..100 | ForEach-Object { "$_.png" })

        $results = Get-ChildItem | Invoke-QwenImageEdit -Prompt 'Make it red' -ThrottleLimit 64 -DestinationPath out

        $results.Destination | Sort-Object -Unique | Should -HaveCount 100
        Get-ChildItem out | Should -HaveCount 100
        (Get-Ledger).jobs.fetched | Select-Object -Unique | Should -Be 1
    }
}

Describe 'Edits under way at the same time' -Tag 'Streaming' {
    BeforeEach { Reset-Session }

    It 'are no more than -ThrottleLimit <_>' -ForEach 1, 3 {
        New-Image (0..9 | ForEach-Object { "$_.png" })

        Get-ChildItem | Invoke-QwenImageEdit -Prompt 'emulate:seconds=0.15' -ThrottleLimit $_ | Should -HaveCount 10

        Get-MostUnderWay | Should -Be $_
    }

    It 'are 32 without -ThrottleLimit' {
        New-Image (0..39 | ForEach-Object { $_.ToString('00') + '.png' })

        # None of these jobs ends, so that no edit makes room for another.
        $shell = Start-Shell (New-ShellFile "Invoke-QwenImageEdit *.png 'emulate:processing' -PollIntervalSec 60")
        try { Wait-Until { @((Get-Ledger).jobs).Count -ge 32 } }
        finally { Stop-Shell $shell }

        @((Get-Ledger).jobs) | Should -HaveCount 32
    }
}
