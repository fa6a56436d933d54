<#
.SYNOPSIS
Runs the Pester tests beside this script and writes what came of each to a file.

.DESCRIPTION
dotnet test runs this. At a prompt, Invoke-Pester tests/Pester does the same.

.PARAMETER Pester
The manifest of Pester 5 or later.

.PARAMETER Result
The file for the results: JSON, an array of objects with Name, Outcome (Passed, Failed or Skipped) and Message.
#>
param(
    [Parameter(Mandatory)] [string] $Pester,
    [Parameter(Mandatory)] [string] $Result
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Import-Module $Pester
$configuration = New-PesterConfiguration
$configuration.Run.Path = $PSScriptRoot
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Detailed'
$run = Invoke-Pester -Configuration $configuration

function ConvertTo-Row($Name, $Item) {
    @{
        Name    = $Name
        Outcome = [string] $Item.Result
        Message = [string] ($Item.ErrorRecord | Out-String -Width 200)
    }
}

$rows = @(
    foreach ($test in $run.Tests) {
        ConvertTo-Row "$(Split-Path $test.ScriptBlock.File -Leaf): $($test.ExpandedPath)" $test
    }
    # A file that can't be read, and what stands around tests: its errors are no test's.
    foreach ($block in $run.FailedBlocks) {
        ConvertTo-Row "$(Split-Path $block.ScriptBlock.File -Leaf): $($block.ExpandedPath) (its setup or teardown)" $block
    }
    foreach ($container in $run.FailedContainers) {
        ConvertTo-Row "$(Split-Path $container.Item -Leaf) (the file)" $container
    }
)
ConvertTo-Json $rows | Set-Content -LiteralPath $Result -Encoding utf8
