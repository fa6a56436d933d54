# Runs a script as if someone typed it: shows each statement with the comments before it, and then runs it in this session.
param([Parameter(Mandatory)] [string] $TourScript)

$ErrorActionPreference = 'Stop'
$tourErrors = $null
$tourTree = [System.Management.Automation.Language.Parser]::ParseFile($TourScript, [ref] $null, [ref] $tourErrors)
if ($tourErrors) {
    throw [System.Management.Automation.ParseException]::new($tourErrors)
}

# What is written to the host directly is coloured even where output is plain.
$tourColour, $tourReset = if ($PSStyle.OutputRendering -ne 'PlainText') { $PSStyle.Foreground.BrightCyan, $PSStyle.Reset }
$tourPosition = 0
foreach ($tourStatement in $tourTree.EndBlock.Statements) {
    $tourEnd = $tourStatement.Extent.EndOffset
    $tourText = $tourTree.Extent.Text.Substring($tourPosition, $tourEnd - $tourPosition).Trim()
    $tourPosition = $tourEnd
    $Host.UI.WriteLine($tourColour + $tourText + $tourReset)
    # Out-Default for each statement, as at the prompt: every table has its own header.
    . ([scriptblock]::Create($tourText)) | Tee-Object -Variable tourOutput | Out-Default
    if (-not $tourOutput) {
        # A table ends with an empty line of its own.
        $Host.UI.WriteLine()
    }
}
