# Dot-sourced in BeforeAll: the built module, an emulator of the service in a process of its own, and a folder of images. No key, no spending.

$repository = Split-Path (Split-Path $PSScriptRoot)

function Start-Emulator {
    $program = Get-ChildItem ([System.IO.Path]::Combine($repository, 'src', 'QwenEdit.Emulator', 'bin')) -Recurse -Filter QwenEdit.Emulator.dll |
        Sort-Object LastWriteTime | Select-Object -Last 1
    $start = [System.Diagnostics.ProcessStartInfo]::new('dotnet')
    $start.Arguments = "`"$($program.FullName)`" --port 0 --files-port 0 --history-port 0 --edit none --latency 0.05 $args"
    $start.RedirectStandardOutput = $true
    $start.UseShellExecute = $false
    $script:emulator = [System.Diagnostics.Process]::Start($start)
    # It says how to reach it, in lines of PowerShell.
    do {
        $line = $emulator.StandardOutput.ReadLine()
        if ($line -match '^\s*\$env:(SEGMIND_\w+) = ''(.*)''$') {
            Set-Item "Env:$($Matches[1])" $Matches[2]
        }
    } until ($null -eq $line -or $line -match 'stops it')
}

function Stop-Emulator {
    $emulator.Kill()
    $emulator.WaitForExit()
    $emulator.Dispose()
    Remove-Item Env:SEGMIND_ENDPOINT, Env:SEGMIND_HISTORY_ENDPOINT, Env:SEGMIND_API_KEY, Env:QWENEDIT_JOURNAL
}

# A PNG of one pixel, and some bytes of its own after its end, so that no two images are the same.
function New-Image([string[]] $Path) {
    $png = [Convert]::FromBase64String('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==')
    foreach ($file in $Path) {
        [System.IO.File]::WriteAllBytes((Join-Path $PWD $file), $png + [guid]::NewGuid().ToByteArray())
    }
}

function Get-Ledger { Invoke-RestMethod "$env:SEGMIND_ENDPOINT/_emulator/ledger" }

Import-Module ([System.IO.Path]::Combine($repository, 'out', 'QwenEdit')) -Force
Start-Emulator
Set-Location (New-Item (Join-Path $TestDrive ([guid]::NewGuid())) -ItemType Directory)
$env:QWENEDIT_JOURNAL = Join-Path $PWD 'journal/journal.db'
$PSDefaultParameterValues['*-Qwen*:PollIntervalSec'] = 0.1
