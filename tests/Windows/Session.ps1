# Dot-sourced by what runs under Wine: the built module, images, the emulator that tests/Windows/check has started, and processes to kill.

$module = [System.IO.Path]::GetFullPath("$PSScriptRoot\..\..\out\QwenEdit")
Import-Module $module
$PSDefaultParameterValues['*-Qwen*:PollIntervalSec'] = 0.1

# A PNG of one pixel, and some bytes of its own after its end, so that no two images are the same.
function New-Image([string[]] $Path) {
    $png = [Convert]::FromBase64String('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==')
    foreach ($file in $Path) {
        [System.IO.File]::WriteAllBytes([System.IO.Path]::Combine($PWD.ProviderPath, $file), $png + [guid]::NewGuid().ToByteArray())
    }
}

function Invoke-Control([string] $Path, [string] $Method = 'Post', $Body) {
    $json = if ($Body) { @{ Body = ConvertTo-Json $Body; ContentType = 'application/json' } } else { @{} }
    Invoke-RestMethod "$env:SEGMIND_ENDPOINT/_emulator/$Path" -Method $Method @json
}

function Get-Ledger { Invoke-Control ledger Get }

# The emulator without a past, and a folder and a journal without one.
function Enter-EmptyScene {
    $null = Invoke-Control reset
    Set-Location (New-Item (Join-Path $TestDrive ([guid]::NewGuid())) -ItemType Directory)
    $env:QWENEDIT_JOURNAL = Join-Path $PWD 'state\journal.db'
}

# Each image is billed once, and its result is there and whole: the emulator's results are its images.
function Assert-EachEditedOnce([string[]] $Source, [string] $Folder) {
    $jobs = (Get-Ledger).jobs
    $jobs.Count | Should -Be $Source.Count -Because 'each image is billed once'
    ($jobs.image_sha256 | Sort-Object -Unique).Count | Should -Be $Source.Count
    foreach ($image in $Source) {
        (Get-FileHash -LiteralPath (Join-Path $Folder $image)).Hash | Should -Be (Get-FileHash -LiteralPath $image).Hash
    }

    Get-ChildItem $Folder -File -Force | Should -HaveCount $Source.Count -Because 'nothing temporary is left'
}

# Starts the script in a process of its own, over the module and the images of the current folder; it ends in the exit code of $run.
function Start-Shell([string] $Script) {
    $path = Join-Path $PWD "script-$([guid]::NewGuid()).ps1"
    "Import-Module '$module'`n`$PSDefaultParameterValues['*-Qwen*:PollIntervalSec'] = 0.1`n$Script`nexit `$run.ExitCode" | Set-Content $path
    $start = [System.Diagnostics.ProcessStartInfo]::new("$PSHOME\pwsh.exe")
    '-NoProfile', '-NonInteractive', '-File', $path | ForEach-Object { $start.ArgumentList.Add($_) }
    $start.WorkingDirectory = $PWD
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    [System.Diagnostics.Process]::Start($start)
}

# Waits for its end; what it said, and its exit code.
function Wait-Shell([System.Diagnostics.Process] $Process) {
    $said = $Process.StandardOutput.ReadToEndAsync()
    $errors = $Process.StandardError.ReadToEndAsync()
    $Process.WaitForExit()
    [pscustomobject]@{ ExitCode = $Process.ExitCode; Said = $said.Result; Errors = $errors.Result }
}

# Waits until the condition is true, for at most a minute; where it can't become true any more, for as long as the process lives.
function Wait-Until([scriptblock] $Condition, [System.Diagnostics.Process] $Process) {
    $limit = [datetime]::UtcNow.AddMinutes(1)
    while (-not (& $Condition)) {
        if ($Process.HasExited) { throw "The process ended before it: $($Process.StandardError.ReadToEnd())" }
        if ([datetime]::UtcNow -gt $limit) { throw "Not within a minute: $Condition" }
        Start-Sleep -Milliseconds 50
    }
}
