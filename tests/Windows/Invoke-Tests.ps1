# Runs tests, all of this folder unless files are named, and writes the numbers of passed, failed and skipped ones into the file COUNTS.
param([Parameter(ValueFromRemainingArguments)] [string[]] $Path = $PSScriptRoot)

[Console]::OutputEncoding = [System.Text.Encoding]::UTF8
$PSStyle.OutputRendering = 'PlainText'
$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Detailed'
$configuration.Output.RenderMode = 'Plaintext'
$run = Invoke-Pester -Configuration $configuration
$failed = $run.FailedCount + $run.FailedBlocksCount + $run.FailedContainersCount
"{0} {1} {2}" -f $run.PassedCount, $failed, ($run.SkippedCount + $run.NotRunCount) | Set-Content "Z:$env:COUNTS"
