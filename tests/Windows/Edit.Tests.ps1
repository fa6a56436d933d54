BeforeAll { . (Join-Path $PSScriptRoot 'Session.ps1') }

Describe 'An edit on Windows' {
    BeforeEach {
        Enter-EmptyScene
        New-Image 'a.png', 'b.png', 'c d.png'
    }

    It 'is written to its destination, and not paid for again' {
        $first = Get-ChildItem *.png | Invoke-QwenImageEdit -Prompt 'Make it night' -DestinationPath night
        $again = Get-ChildItem *.png | Invoke-QwenImageEdit -Prompt 'Make it night' -DestinationPath night

        $first.Status | Should -Be 'Received', 'Received', 'Received'
        $again.Status | Should -Be 'Skipped', 'Skipped', 'Skipped'
        Assert-EachEditedOnce 'a.png', 'b.png', 'c d.png' night
        @((Get-Ledger).requests | Where-Object route -EQ 'submit') | Should -HaveCount 3
    }

    It 'is submitted in one call and received in another' {
        $job = Submit-QwenImageEdit a.png 'Make it night' -DestinationPath night\a.png

        ($job | Receive-QwenEditResult -Wait).Status | Should -Be 'Received'

        Assert-EachEditedOnce 'a.png' night
    }

    It 'keeps its journal below LocalAppData' {
        $env:QWENEDIT_JOURNAL = $null
        $null = Invoke-QwenImageEdit a.png 'Make it night'

        "$env:LOCALAPPDATA\QwenEdit\journal.db" | Should -Exist
        (Get-QwenEditJob -Path a.png).Prompt | Should -Be 'Make it night'
    }

    It 'loads the SQLite of the module for this system' {
        $null = Get-QwenEditJob

        [System.Diagnostics.Process]::GetCurrentProcess().Modules.FileName | Should -Contain "$module\bin\Core\runtimes\win-x64\native\e_sqlite3.dll"
    }

    It 'writes its log' {
        $null = Invoke-QwenImageEdit a.png 'Make it night' -LogPath logs

        $lines = Get-Content logs\*.jsonl | ConvertFrom-Json
        $lines[-1].event | Should -Be 'run.ended'
        ($lines | Where-Object event -EQ 'edit.received').destination | Should -Be (Join-Path $PWD 'a-edited.png')
    }

    It 'is shown in a table' {
        $shown = Invoke-QwenImageEdit a.png 'Make it night' | Out-String -Width 120

        $shown | Should -Match 'Status\s+Cost\s+Queue s\s+Infer s\s+Source\s+Destination'
        $shown | Should -Match 'Received\s+0[.,]\d+\s.*\sa\.png\s+a-edited\.png'
        Get-QwenEditJob | Out-String -Width 160 | Should -Match 'a\.png'
        Get-QwenEditRun | Out-String -Width 160 | Should -Match 'Invoke-QwenImageEdit'
    }

    It 'is shown to a person with its progress and its errors' {
        $text = Get-Content "Z:$env:TERMINAL" -Raw
        $plain = $text -replace '\x1b(\[[0-?]*[ -/]*[@-~]|\][^\a]*\a)'

        $plain | Should -Match 'Received\s+0[.,]\d+\s.*\sa\.png\s+a-edited\.png'
        $plain | Should -Match 'Äpfel 价格-edited\.png'
        $plain | Should -Match 'Editing images \[\d done, 0 failed, \d in flight'
        $plain | Should -Match 'c\.png'
        $plain | Should -Match 'The end of it\.'
    }
}

Describe 'Help on Windows' {
    It 'has a page for <_>' -ForEach 'Invoke-QwenImageEdit', 'Receive-QwenEditResult', 'Get-QwenEditRun' {
        $help = Get-Help $_ -Full
        $help.Synopsis | Should -BeLike '*.'
        $help.examples.example.Count | Should -BeGreaterOrEqual 4
        $help | Out-String | Should -BeLike '*-JournalPath*'
    }

    It 'has its topics' {
        (Get-Help about_QwenEdit* | ForEach-Object Name | Sort-Object -Unique) |
            Should -Be 'about_QwenEdit', 'about_QwenEdit_Errors', 'about_QwenEdit_Journal', 'about_QwenEdit_Unattended'
        Get-Help about_QwenEdit_Unattended | Out-String | Should -BeLike '*Register-ScheduledTask*'
    }
}
