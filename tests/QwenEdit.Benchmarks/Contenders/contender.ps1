# PowerShell as a contender: an order a line in, what it took a line out, as in ContenderLoop.cs. An order with a script runs that in this session;
# one without edits a folder as one would write it in PowerShell itself: contender (c).
$ErrorActionPreference = 'Stop'
$process = [System.Diagnostics.Process]::GetCurrentProcess()

# What is resident after a full collection, which hands back what it frees.
function Get-HeldMemory {
    [GC]::Collect([GC]::MaxGeneration, [GCCollectionMode]::Aggressive, $true, $true)
    [GC]::WaitForPendingFinalizers()
    [GC]::Collect([GC]::MaxGeneration, [GCCollectionMode]::Aggressive, $true, $true)
    $process.Refresh()
    $process.WorkingSet64
}

# Runs the order's script. Nothing that comes out is kept: a user's pipeline and console do not keep it either.
function Invoke-Script($Order) {
    $ErrorActionPreference = 'Continue'
    $lap = @{ Count = 0; Levels = @() }
    $problems = @{ Count = 0; First = $null }
    & ([scriptblock]::Create($Order.Script)) 2>&1 3>$null | . {
        process {
            if ($_ -is [System.Management.Automation.ErrorRecord]) {
                if ($problems.Count++ -eq 0) { $problems.First = "$_" }
            }
            elseif (++$lap.Count -in $Order.LevelsAt) {
                $lap.Levels += Get-HeldMemory
            }
        }
    }
    if ($problems.Count -gt 0 -and -not $Order.ErrorsExpected) {
        throw "$($problems.Count) errors, of which the first is: $($problems.First)"
    }

    $lap
}

function Invoke-RestMethodLoop($Order) {
    $count = Get-ChildItem $Order.Images -File | ForEach-Object -ThrottleLimit $Order.Parallel -Parallel {
        $order = $using:Order
        $headers = @{ 'x-api-key' = 'SG_0123456789abcdef' }
        $image = 'data:image/png;base64,' + [Convert]::ToBase64String([IO.File]::ReadAllBytes($_.FullName))
        $body = @{ prompt = 'Make it red'; steps = 8; guidance = 1; seed = 1; image = $image } | ConvertTo-Json
        $job = Invoke-RestMethod "$($order.Endpoint)/v2/qwen-image-edit-fast" -Method Post -Headers $headers -Body $body -ContentType application/json
        do {
            Start-Sleep -Milliseconds (1000 * $order.PollSeconds)
            $result = Invoke-RestMethod $job.response_url -Headers $headers
        } until ($result.status -eq 'COMPLETED')
        Invoke-RestMethod $result.output -OutFile (Join-Path $order.Results $_.Name)
        1
    } | Measure-Object | ForEach-Object Count
    @{ Count = $count }
}

while ($null -ne ($line = [Console]::In.ReadLine())) {
    $order = $line | ConvertFrom-Json
    $process.Refresh()
    $cpu = $process.TotalProcessorTime
    $allocated = [GC]::GetTotalAllocatedBytes()
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    try {
        $lap = if ($order.Script) { Invoke-Script $order } else { Invoke-RestMethodLoop $order }
        $lap.Seconds = $watch.Elapsed.TotalSeconds
        $process.Refresh()
        $lap.CpuSeconds = ($process.TotalProcessorTime - $cpu).TotalSeconds
        $lap.Allocated = [GC]::GetTotalAllocatedBytes() - $allocated
    }
    catch {
        $lap = @{ Error = "$_" }
    }

    [Console]::Out.WriteLine((ConvertTo-Json $lap -Compress))
}
