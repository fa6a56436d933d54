# Dot-sourced in BeforeAll: the built module, an emulator of the service in a process of its own, and an empty folder as the location.
# No key, no spending. Stop-Session ends it.

$repository = Split-Path (Split-Path $PSScriptRoot)
$module = [System.IO.Path]::Combine($repository, 'out', 'QwenEdit', 'QwenEdit.psd1')

# Starts the emulator and sets the environment variables that point the module to it. Jobs take no time and cost 0.0125, and images come back as
# they went in, unless an argument of its command line says otherwise.
function Start-Emulator([string[]] $Argument = @()) {
    $program = Get-ChildItem ([System.IO.Path]::Combine($repository, 'src', 'QwenEdit.Emulator', 'bin')) -Recurse -Filter QwenEdit.Emulator.dll |
        Sort-Object LastWriteTime | Select-Object -Last 1
    $arguments = @("`"$($program.FullName)`"", '--port', '0', '--files-port', '0', '--history-port', '0', '--edit', 'none', '--latency', '0.05', '--cost', '0.0125') + $Argument
    $start = [System.Diagnostics.ProcessStartInfo]::new('dotnet', $arguments -join ' ')
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
    # Its pipe would fill up.
    $null = $emulator.StandardOutput.ReadToEndAsync()
}

function Stop-Emulator {
    $emulator.Kill()
    $emulator.WaitForExit()
    $emulator.Dispose()
}

# Ends what dot-sourcing this file began.
function Stop-Session {
    Stop-Emulator
    Set-Location $repository
    Remove-Item Env:SEGMIND_ENDPOINT, Env:SEGMIND_HISTORY_ENDPOINT, Env:SEGMIND_API_KEY, Env:QWENEDIT_JOURNAL
    $global:PSDefaultParameterValues.Remove('*-Qwen*:PollIntervalSec')
}

# An empty folder as the location, an empty journal, and an emulator without jobs, books and faults: for BeforeEach.
function Reset-Session {
    $null = Invoke-Emulator reset
    Set-Location (New-Item (Join-Path $TestDrive ([guid]::NewGuid())) -ItemType Directory)
    $env:QWENEDIT_JOURNAL = Join-Path $TestDrive "$([guid]::NewGuid())/journal.db"
}

# The bytes of a PNG of one pixel.
function Get-Png {
    , [Convert]::FromBase64String('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==')
}

# Puts images into the location: PNGs of one pixel with some bytes of their own after their end, so that no two are the same.
function New-Image([string[]] $Path) {
    $png = Get-Png
    foreach ($file in $Path) {
        $full = Join-Path $PWD $file
        $null = [System.IO.Directory]::CreateDirectory((Split-Path $full))
        [System.IO.File]::WriteAllBytes($full, $png + [guid]::NewGuid().ToByteArray())
    }
}

# Posts to a path of the emulator's control API: reset, faults, clock/advance, keys.
function Invoke-Emulator([string] $Path, [hashtable] $Body = @{}) {
    Invoke-RestMethod "$env:SEGMIND_ENDPOINT/_emulator/$Path" -Method Post -ContentType 'application/json' -Body (ConvertTo-Json $Body -Depth 5)
}

# What the emulator was asked for and has billed: an object with billed, jobs and requests.
function Get-Ledger { Invoke-RestMethod "$env:SEGMIND_ENDPOINT/_emulator/ledger" }

# Runs a script in a new shell of the same PowerShell, in the location and with the module imported, as `pwsh -File` does.
# Returns an object with ExitCode, Output (standard output, as text) and Error (standard error).
function Invoke-Shell([string] $Script, [string[]] $Argument = @(), [string] $StandardInput = '', [switch] $Interactive) {
    $process = Start-Shell (New-ShellFile $Script) $Argument -Interactive:$Interactive
    $process.StandardInput.Write($StandardInput)
    $process.StandardInput.Close()
    $standardError = $process.StandardError.ReadToEndAsync()
    $output = $process.StandardOutput.ReadToEnd()
    $process.WaitForExit()
    [pscustomobject] @{ ExitCode = $process.ExitCode; Output = $output; Error = $standardError.Result }
}

# Writes a script that imports the module first to a file for Start-Shell, and returns its path.
function New-ShellFile([string] $Script) {
    $file = Join-Path $TestDrive "$([guid]::NewGuid()).ps1"
    Set-Content -LiteralPath $file -Encoding utf8 -Value "Import-Module '$module'`n$Script"
    $file
}

# Starts a script file in a new shell, whose streams are redirected, and returns its process. With -Interactive, questions are answered by the
# standard input; without it, nobody can be asked.
function Start-Shell([string] $File, [string[]] $Argument = @(), [switch] $Interactive) {
    # The process of a PowerShell that came as a .NET tool is dotnet, and is given the shell's assembly.
    $shell = [System.Diagnostics.Process]::GetCurrentProcess().MainModule.FileName
    $arguments = @(
        if ([System.IO.Path]::GetFileNameWithoutExtension($shell) -eq 'dotnet') { Join-Path $PSHOME pwsh.dll }
        '-NoProfile'
        if (-not $Interactive) { '-NonInteractive' }
        '-File'
        $File
    ) + $Argument
    $start = [System.Diagnostics.ProcessStartInfo]::new($shell, (($arguments | ForEach-Object { "`"$_`"" }) -join ' '))
    $start.WorkingDirectory = $PWD.ProviderPath
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $start.UseShellExecute = $false
    [System.Diagnostics.Process]::Start($start)
}

# Reads the standard output of a process of Start-Shell up to a line that matches, and returns what was read. Throws where the output ends
# before, or where a line takes longer than it may on a busy machine.
function Wait-ShellOutput([System.Diagnostics.Process] $Process, [string] $Pattern, [int] $TimeoutSec = 120) {
    $lines = @()
    do {
        $reading = $Process.StandardOutput.ReadLineAsync()
        if (-not $reading.Wait([timespan]::FromSeconds($TimeoutSec))) {
            throw "After $TimeoutSec seconds the shell has not written a line like $Pattern."
        }
        if ($null -eq $reading.Result) {
            throw "The shell has ended without a line like $Pattern."
        }
        $lines += $reading.Result
    } until ($reading.Result -match $Pattern)
    $lines -join "`n"
}

# Waits for the end of a process of Start-Shell, and returns the rest of its standard output. Throws where that takes too long.
function Wait-Shell([System.Diagnostics.Process] $Process, [int] $TimeoutSec = 120) {
    $output = $Process.StandardOutput.ReadToEndAsync()
    if (-not $Process.WaitForExit($TimeoutSec * 1000)) {
        throw "After $TimeoutSec seconds the shell has not ended."
    }
    $output.Result
}

# Ends a process of Start-Shell, if it has not ended.
function Stop-Shell([System.Diagnostics.Process] $Process) {
    if (-not $Process.HasExited) {
        $Process.Kill()
    }
    $Process.Dispose()
}

# What a script shows on the screen, as text: for -WhatIf and Write-Host, which are on no stream that can be redirected everywhere.
function Get-Screen([scriptblock] $Script) {
    $transcript = Join-Path $TestDrive "$([guid]::NewGuid()).txt"
    $null = Start-Transcript $transcript
    try {
        & $Script | Out-Default
    }
    finally {
        $null = Stop-Transcript
    }

    # Between the header's last row of asterisks and the footer's first.
    ((Get-Content -LiteralPath $transcript -Raw) -split '(?m)^\*{10,}\r?$')[2..2] -join ''
}

# Runs a script block, and returns what it wrote, as arrays: Output, Errors, ErrorIds (of Errors, in full) and Warnings. Errors that let a
# command go on are collected; an error that ends a command is thrown.
function Invoke-Script([scriptblock] $Script) {
    $ErrorActionPreference = $WarningPreference = 'Continue'
    $run = [pscustomobject] @{ Output = @(); Errors = @(); ErrorIds = @(); Warnings = @() }
    foreach ($item in & $Script 2>&1 3>&1) {
        if ($item -is [System.Management.Automation.ErrorRecord]) {
            $run.Errors += $item
            $run.ErrorIds += $item.FullyQualifiedErrorId
        }
        elseif ($item -is [System.Management.Automation.WarningRecord]) {
            $run.Warnings += $item.Message
        }
        else {
            $run.Output += $item
        }
    }
    $run
}

# Waits until a script block returns something true, and throws after a time that is long on a busy machine too.
function Wait-Until([scriptblock] $Condition, [int] $TimeoutSec = 120) {
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    while (-not (& $Condition)) {
        if ($watch.Elapsed.TotalSeconds -gt $TimeoutSec) {
            throw "After $TimeoutSec seconds still not: $Condition"
        }
        [System.Threading.Thread]::Sleep(50)
    }
}

# The files in the location and below it, as relative paths with slashes, in ordinal order.
function Get-RelativeFile {
    $names = [string[]] @(Get-ChildItem -LiteralPath $PWD.ProviderPath -Recurse -File -Force |
            ForEach-Object { $_.FullName.Substring($PWD.ProviderPath.Length + 1).Replace('\', '/') })
    [array]::Sort($names, [System.StringComparer]::Ordinal)
    $names
}

# The sum of the counts of a run, which is its Total.
function Get-CountSum([QwenEdit.EditRun] $Run) {
    $Run.Submitted + $Run.Received + $Run.Skipped + $Run.Resumed + $Run.Failed + $Run.Unknown + $Run.Expired + $Run.TimedOut + $Run.NotReceived + $Run.Busy +
        $Run.InvalidInput + $Run.LeftOut + $Run.NotSubmitted
}

# The full paths of names in the location.
function Get-FullName([string[]] $Name) { $Name | ForEach-Object { Join-Path $PWD.ProviderPath $_ } }

# The full id of an error of a command.
function Get-ErrorId([string] $Name, [string] $Command = 'InvokeQwenImageEdit') { "$Name,QwenEdit.Commands.${Command}Command" }

# Tests are the same at a contributor's prompt as under dotnet test: an error that a test does not expect fails it.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Import-Module $module -Force
Start-Emulator
Reset-Session
# Default parameter values of the global scope are those of the module's callers in every file.
$global:PSDefaultParameterValues['*-Qwen*:PollIntervalSec'] = 0.1
