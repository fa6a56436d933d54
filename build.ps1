#Requires -Version 5.1

<#
.SYNOPSIS
Builds the module into out/QwenEdit, or tests it.

.DESCRIPTION
Runs the dotnet commands of the README. Needs the .NET 10 SDK.

.PARAMETER Task
Build leaves the importable module in out/QwenEdit. Test builds it and runs every test.

.PARAMETER Configuration
Debug, or Release as it is published.

.EXAMPLE
./build.ps1
Import-Module ./out/QwenEdit

.EXAMPLE
./build.ps1 -Task Test -Configuration Release
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test')]
    [string] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Debug'
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$solution = [System.IO.Path]::Combine($PSScriptRoot, 'QwenEdit.sln')
switch ($Task) {
    'Build' { dotnet build $solution --configuration $Configuration }
    'Test' { dotnet test $solution --configuration $Configuration }
}

exit $LASTEXITCODE
