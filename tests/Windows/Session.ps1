# Dot-sourced by what runs under Wine: the built module, images, the emulator that tests/Windows/check has started, and processes to kill.

$module = [System.IO.Path]::GetFullPath("$PSScriptRoot\..\..\out\QwenEdit")
Import-Module $module
$PSDefaultParameterValues['*-Qwen*:PollIntervalSec'] = 0.1
$processes = [System.Collections.Generic.List[System.Diagnostics.Process]]::new()

# A PNG of one pixel, and some bytes of its own after its end, so that no two images are the same.
function New-Image([string[]] $Path) {
    $png = [Convert]::FromBase64String('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==')
    foreach ($file in $Path) {
        [System.IO.File]::WriteAllBytes([System.IO.Path]::Combine($PWD.ProviderPath, $file), $png + [guid]::NewGuid().ToByteArray())
    }
}

function Invoke-Control([string] $Path, [string] $Method = 'Post', $Body) {
    $json = if ($Method -ne 'Get') { @{ Body = ConvertTo-Json ($Body ?? @{}); ContentType = 'application/json' } } else { @{} }
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

# Starts a script in a process of its own, over the module and the images of the current folder; it ends in the exit code of $run.
function Start-Shell([string] $Script) {
    $path = Join-Path $PWD "script-$([guid]::NewGuid()).ps1"
    "Import-Module '$module'`n`$PSDefaultParameterValues['*-Qwen*:PollIntervalSec'] = 0.1`n$Script`nexit `$run.ExitCode" | Set-Content $path
    $start = [System.Diagnostics.ProcessStartInfo]::new("$PSHOME\pwsh.exe")
    '-NoProfile', '-NonInteractive', '-File', $path | ForEach-Object { $start.ArgumentList.Add($_) }
    $start.WorkingDirectory = $PWD
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    $process = [System.Diagnostics.Process]::Start($start)
    $processes.Add($process)
    $process
}

# Kills the process as Task Scheduler does; without one, all that a test that failed has left.
function Stop-Shell([System.Diagnostics.Process[]] $Process = $processes) {
    foreach ($one in $Process) {
        $one.Kill()
        $one.WaitForExit()
    }
}

# Waits for its end; what it said, and its exit code.
function Wait-Shell([System.Diagnostics.Process] $Process) {
    $said = $Process.StandardOutput.ReadToEndAsync()
    $errors = $Process.StandardError.ReadToEndAsync()
    $Process.WaitForExit()
    [pscustomobject]@{ ExitCode = $Process.ExitCode; Said = $said.Result; Errors = $errors.Result }
}

# Waits for at most two minutes until the condition is true, while the process lives.
function Wait-Until([scriptblock] $Condition, [System.Diagnostics.Process] $Process) {
    $limit = [datetime]::UtcNow.AddMinutes(2)
    while ($true) {
        $hasExited = $Process.HasExited
        if (& $Condition) { return }
        if ($hasExited) { throw "The process ended before $Condition was so: $($Process.StandardError.ReadToEnd())" }
        if ([datetime]::UtcNow -gt $limit) { throw "Not so within two minutes: $Condition" }
        Start-Sleep -Milliseconds 50
    }
}
