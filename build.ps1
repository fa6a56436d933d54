#Requires -Version 5.1

<#
.SYNOPSIS
Builds the module into out/QwenEdit, tests it, packs it, or publishes it.

.DESCRIPTION
Runs the dotnet commands of the README. Needs the .NET 10 SDK.

.PARAMETER Task
Build leaves the importable module in out/QwenEdit.
Test builds it and runs every test, of xunit and of Pester.
Package builds it as it is published, and leaves in out/package a .nupkg for the PowerShell Gallery and an SPDX bill of materials.
Publish does that and publishes it. Both need Microsoft.PowerShell.PSResourceGet 1.1 or later, which comes with PowerShell 7.5.

.PARAMETER Configuration
Debug or Release. Package and Publish always take Release.

.PARAMETER Repository
Where Publish publishes to, by its name in Get-PSResourceRepository.

.PARAMETER ApiKey
The repository's key, where it wants one.

.EXAMPLE
./build.ps1
Import-Module ./out/QwenEdit

.EXAMPLE
./build.ps1 -Task Test -Configuration Release

.EXAMPLE
./build.ps1 -Task Publish -Repository PSGallery -ApiKey $key -Confirm
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Package', 'Publish')]
    [string] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Debug',

    [string] $Repository = 'PSGallery',

    [string] $ApiKey
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# What a user downloads, and what it takes on the disk: eight systems' SQLite is most of it.
$largestPackage = 12MB
$largestModule = 24MB

$solution = Join-Path $PSScriptRoot 'QwenEdit.sln'
$project = [System.IO.Path]::Combine($PSScriptRoot, 'src', 'QwenEdit', 'QwenEdit.csproj')
$module = [System.IO.Path]::Combine($PSScriptRoot, 'out', 'QwenEdit')
$packages = [System.IO.Path]::Combine($PSScriptRoot, 'out', 'package')

function Invoke-DotNet([string[]] $Argument) {
    # To the screen, and not among what a task writes.
    & dotnet @Argument | Out-Host
    if ($LASTEXITCODE -ne 0) {
        throw "dotnet $($Argument[0]) failed with exit code $LASTEXITCODE."
    }
}

function Assert-Module {
    $files = @(Get-ChildItem $module -Recurse -File)
    $names = @($files | ForEach-Object { $_.FullName.Substring($module.Length + 1).Replace('\', '/') })
    $wanted = @(Get-Content ([System.IO.Path]::Combine($PSScriptRoot, 'src', 'package-files.txt')))
    $difference = @(Compare-Object $wanted $names | ForEach-Object { "$($_.SideIndicator) $($_.InputObject)" })
    if ($difference.Count -gt 0) {
        throw "The module's files are not those of src/package-files.txt (<= missing, => not listed):`n$($difference -join "`n")"
    }

    if ($names -match '(System\.Management\.Automation|Microsoft\.PowerShell\.[^/]*)\.dll$') {
        throw 'An assembly of PowerShell itself is among the module''s files.'
    }

    $size = ($files | Measure-Object Length -Sum).Sum
    if ($size -gt $largestModule) {
        throw ('The module takes {0:0.0} MB, more than the {1:0} MB that it may.' -f ($size / 1MB), ($largestModule / 1MB))
    }
}

function Export-Package {
    if (-not (Get-Command Compress-PSResource -ErrorAction Ignore)) {
        throw 'Compress-PSResource is not there. Install-Module Microsoft.PowerShell.PSResourceGet brings it, or PowerShell 7.5.'
    }

    # -WhatIf and -Confirm are about publishing; the package is made in any case.
    $WhatIfPreference = $false
    $ConfirmPreference = 'None'
    Invoke-DotNet -Argument 'build', $project, '--configuration', 'Release'
    Assert-Module
    if (Test-Path $packages) {
        Remove-Item $packages -Recurse
    }

    $null = New-Item $packages -ItemType Directory
    $package = Compress-PSResource -Path $module -DestinationPath $packages -PassThru
    if ($package.Length -gt $largestPackage) {
        throw ('The package has {0:0.0} MB, more than the {1:0} MB that it may have.' -f ($package.Length / 1MB), ($largestPackage / 1MB))
    }

    $bill = [System.IO.Path]::ChangeExtension($package.FullName, '.spdx.json')
    & ([System.IO.Path]::Combine($PSScriptRoot, 'src', 'New-BillOfMaterials.ps1')) -Module $module -Project $project -Path $bill
    $package
    Get-Item $bill
}

switch ($Task) {
    'Build' { Invoke-DotNet -Argument 'build', $solution, '--configuration', $Configuration }
    'Test' { Invoke-DotNet -Argument 'test', $solution, '--configuration', $Configuration }
    'Package' { Export-Package }
    'Publish' {
        $package, $bill = Export-Package
        if ($PSCmdlet.ShouldProcess($Repository, "Publish $($package.Name)")) {
            $key = if ($ApiKey) { @{ ApiKey = $ApiKey } } else { @{} }
            Publish-PSResource -NupkgPath $package.FullName -Repository $Repository -Confirm:$false @key
        }

        $package
        $bill
    }
}
