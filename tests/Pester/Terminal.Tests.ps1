# What the service, a journal and a file's name say is shown, and is never obeyed by the terminal.

BeforeAll {
    . (Join-Path $PSScriptRoot Session.ps1)

    $escape = [char] 27
    # What changes the title, what is a C1 control, and what turns the reading direction around.
    $title = "${escape}]0;owned`a"
    $hostile = "${title}$([char] 0x9B)2J$([char] 0x202E)gnp"
    $obeyed = '[\x00-\x09\x0B-\x1A\x1C-\x1F\x7F-\x9F\u061C\u200E\u200F\u2028-\u202E\u2066-\u206F]|\x1B(?!\[[\d;]*m)'

    # What commands show in a terminal: everything but the colours of PowerShell itself, which begin with an escape.
    function Get-Shown($InputObject) { ($InputObject | Out-String -Width 500).Replace("`r", '') }

}
AfterAll { Stop-Session }

Describe 'A text with controls of the terminal' {
    BeforeEach { Reset-Session }

    It 'is shown with visible escapes when it comes from a name: <_>' -Skip:($env:OS -eq 'Windows_NT') -ForEach 'table', 'list' {
        New-Image "a${hostile}.png"
        $result = Invoke-QwenImageEdit *.png 'Make it red' -DestinationPath out

        $result.Source | Should -BeExactly (Join-Path $PWD.ProviderPath "a${hostile}.png")
        $view = if ($_ -eq 'table') { $result | Format-Table } else { $result | Format-List }
        $shown = Get-Shown $view
        $shown | Should -Not -Match $obeyed
        $shown | Should -Match ([regex]::Escape('a\u001B]0;owned\u0007\u009B2J\u202Egnp.png'))
    }

    It 'is escaped in what the streams show' -Skip:($env:OS -eq 'Windows_NT') {
        New-Image "a${hostile}.png"
        $lines = Invoke-QwenImageEdit *.png 'Make it red' -DestinationPath out -Verbose -Debug 4>&1 5>&1 |
            Where-Object { $_ -isnot [QwenEdit.EditResult] } | ForEach-Object { $_.Message }

        $lines | Where-Object { $_ -match 'owned' } | Should -Not -BeNullOrEmpty
        $lines | Where-Object { $_ -match $obeyed } | Should -BeNullOrEmpty
    }

    It 'is escaped in errors, and their target is exact' -Skip:($env:OS -eq 'Windows_NT') {
        Set-Content -LiteralPath (Join-Path $PWD.ProviderPath "a${hostile}.png") 'no image'
        $run = Invoke-Script { Invoke-QwenImageEdit *.png 'Make it red' -DestinationPath out }

        $run.ErrorIds | Should -Be (Get-ErrorId NotAnImage)
        $run.Errors[0].TargetObject | Should -BeExactly (Join-Path $PWD.ProviderPath "a${hostile}.png")
        foreach ($text in $run.Errors[0].ToString(), $run.Errors[0].Exception.Message, $run.Errors[0].CategoryInfo.ToString()) {
            $text | Should -Not -Match $obeyed
            $text | Should -Match ([regex]::Escape('\u202Egnp.png'))
        }
    }

    It 'is escaped by -WhatIf' -Skip:($env:OS -eq 'Windows_NT') {
        New-Image "a${hostile}.png"
        $screen = Get-Screen { Invoke-QwenImageEdit *.png 'Make it red' -DestinationPath out -WhatIf }

        $screen.Replace("`r", '') | Should -Not -Match $obeyed
        $screen | Should -Match ([regex]::Escape('\u001B]0;owned\u0007'))
    }

    It 'is escaped in the log, whose JSON is exact' -Skip:($env:OS -eq 'Windows_NT') {
        New-Image "a$([char] 0x202E)gnp.png"
        $null = Invoke-QwenImageEdit *.png 'Make it red' -DestinationPath out -LogPath log
        $log = Get-Content (Join-Path log *) -Encoding utf8

        $log -join '' | Should -Not -Match $obeyed
        $sources = $log | ConvertFrom-Json | Where-Object { $_.PSObject.Properties['source'] } | ForEach-Object source
        $sources | Should -Contain (Join-Path $PWD.ProviderPath "a$([char] 0x202E)gnp.png")
    }
}

Describe 'A proxy' {
    BeforeEach { Reset-Session }

    It 'of the environment is not asked for a service on this machine' {
        New-Image a.png
        $shell = Invoke-Shell @'
$env:http_proxy = $env:HTTP_PROXY = 'http://somebody:s3cret@127.0.0.1:1'
Invoke-QwenImageEdit a.png 'Make it red' -MaximumRetryCount 0 | ForEach-Object { "$($_.Status)" }
'@

        $shell.Output.Trim() | Should -Be Received
        $shell.Error | Should -BeNullOrEmpty
    }

    It 'has its password in no error and in no transcript' {
        New-Image a.png
        $screen = Get-Screen {
            Invoke-QwenImageEdit a.png 'Make it red' -Proxy http://somebody:s3cret@127.0.0.1:1 -Endpoint https://name.invalid -MaximumRetryCount 0 -Verbose -ErrorVariable failed -ErrorAction Continue
            $script:failure = $failed[0]
            $failure | Format-List * -Force | Out-String
        }

        # The line that the user typed is part of an error's record, and stays as it is.
        $failure.FullyQualifiedErrorId | Should -Be (Get-ErrorId ConnectionFailed)
        $screen | Should -Not -Match 's3cret(?!@127\.0\.0\.1:1 -Endpoint)'
    }
}
