# Runs a script over the built module: each object is a line of the output, each error a line of the error stream that begins with its id.
param([string] $Module, [string] $Script)
[Console]::OutputEncoding = [System.Text.UTF8Encoding]::new($false)
Import-Module $Module
& $Script 2>&1 | ForEach-Object {
    if ($_ -is [System.Management.Automation.ErrorRecord]) {
        [Console]::Error.WriteLine("$($_.FullyQualifiedErrorId): $_")
    }
    else {
        "$_"
    }
}
exit $LASTEXITCODE
