# Runs the tests beside it, and leaves in the file COUNTS how many passed, failed and were skipped.

$PSStyle.OutputRendering = 'PlainText'
$configuration = New-PesterConfiguration
$configuration.Run.Path = $PSScriptRoot
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Detailed'
$configuration.Output.RenderMode = 'Plaintext'
$run = Invoke-Pester -Configuration $configuration
$failed = $run.FailedCount + $run.FailedBlocksCount + $run.FailedContainersCount
"{0} {1} {2}" -f $run.PassedCount, $failed, ($run.SkippedCount + $run.NotRunCount) | Set-Content "Z:$env:COUNTS"
