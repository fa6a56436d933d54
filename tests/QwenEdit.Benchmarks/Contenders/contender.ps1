# (c): what one would write in PowerShell itself. An order a line in, what it took a line out, as in ContenderLoop.cs.
$ErrorActionPreference = 'Stop'
$process = [System.Diagnostics.Process]::GetCurrentProcess()
while ($null -ne ($line = [Console]::In.ReadLine())) {
    $order = $line | ConvertFrom-Json
    $process.Refresh()
    $cpu = $process.TotalProcessorTime
    $allocated = [GC]::GetTotalAllocatedBytes()
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    try {
        $count = Get-ChildItem $order.Images -File | ForEach-Object -ThrottleLimit $order.Parallel -Parallel {
            $order = $using:order
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
        $watch.Stop()
        $process.Refresh()
        [Console]::Out.WriteLine((@{
            Seconds    = $watch.Elapsed.TotalSeconds
            CpuSeconds = ($process.TotalProcessorTime - $cpu).TotalSeconds
            Allocated  = [GC]::GetTotalAllocatedBytes() - $allocated
            Count      = $count
        } | ConvertTo-Json -Compress))
    }
    catch {
        [Console]::Out.WriteLine((@{ Error = "$_" } | ConvertTo-Json -Compress))
    }
}
