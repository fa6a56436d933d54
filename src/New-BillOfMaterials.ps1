#Requires -Version 5.1

<#
.SYNOPSIS
Writes a software bill of materials of the built module, as SPDX 2.3 in JSON.

.DESCRIPTION
It lists every file with its SHA-256, and every package that one of them is from, with its version and licence, by what NuGet resolved for the
module's project. See https://spdx.github.io/spdx-spec/v2.3/.

.PARAMETER Module
The folder of the built module.

.PARAMETER Project
The module's project, restored.

.PARAMETER Path
The file to write.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string] $Module,

    [Parameter(Mandatory)]
    [string] $Project,

    [Parameter(Mandatory)]
    [string] $Path
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# The files that packages bring to the module, each with its packages.
function Get-Origin($assetsFile) {
    $assets = Get-Content -LiteralPath $assetsFile -Raw | ConvertFrom-Json
    $folders = @($assets.packageFolders.PSObject.Properties.Name)
    foreach ($target in $assets.targets.PSObject.Properties) {
        foreach ($library in $target.Value.PSObject.Properties | Where-Object { $_.Value.type -eq 'package' }) {
            $about = $assets.libraries.($library.Name)
            foreach ($file in @($about.files) -match '\.(dll|so|dylib)$') {
                $name, $version = $library.Name -split '/'
                [pscustomobject]@{
                    FileName = Split-Path $file -Leaf
                    Full     = $folders | ForEach-Object { [System.IO.Path]::Combine($_, $about.path, $file) } | Where-Object { Test-Path -LiteralPath $_ } | Select-Object -First 1
                    Name     = $name
                    Version  = $version
                    Nuspec   = $folders | ForEach-Object { [System.IO.Path]::Combine($_, $about.path, "$($name.ToLowerInvariant()).nuspec") } | Where-Object { Test-Path -LiteralPath $_ } | Select-Object -First 1
                }
            }
        }
    }
}

function Get-Licence($nuspec) {
    $licence = ([xml](Get-Content -LiteralPath $nuspec -Raw)).package.metadata.SelectSingleNode('*[local-name()="license" and @type="expression"]')
    if ($licence) { $licence.InnerText } else { 'NOASSERTION' }
}

function Get-Hash($file) { (Get-FileHash -LiteralPath $file -Algorithm SHA256).Hash.ToLowerInvariant() }

$manifest = Import-PowerShellDataFile (Join-Path $Module 'QwenEdit.psd1')
$label = $manifest.PrivateData.PSData['Prerelease']
$version = if ($label) { "$($manifest.ModuleVersion)-$label" } else { $manifest.ModuleVersion }
$origins = Get-Origin ([System.IO.Path]::Combine((Split-Path $Project), 'obj', 'project.assets.json')) | Where-Object Full | Group-Object FileName -AsHashTable -AsString
$used = [ordered]@{}
$files = foreach ($file in Get-ChildItem $Module -Recurse -File | Sort-Object FullName) {
    $hash = Get-Hash $file.FullName
    # By the content: several packages may have a file of this name.
    $origin = $origins[$file.Name] | Where-Object { $_ -and (Get-Hash $_.Full) -eq $hash } | Select-Object -First 1
    if ($origin) {
        $used["$($origin.Name)/$($origin.Version)"] = $origin
    }

    [ordered]@{
        fileName         = './' + $file.FullName.Substring($Module.Length + 1).Replace('\', '/')
        SPDXID           = "SPDXRef-File-$hash-$($file.FullName.Substring($Module.Length + 1) -replace '[^A-Za-z0-9.-]', '-')"
        checksums        = @([ordered]@{ algorithm = 'SHA256'; checksumValue = $hash })
        licenseConcluded = 'NOASSERTION'
        copyrightText    = 'NOASSERTION'
        comment          = if ($origin) { "From $($origin.Name) $($origin.Version)." } else { 'Of this module.' }
    }
}

$root = 'SPDXRef-Package-QwenEdit'
$own = [ordered]@{
    name             = 'QwenEdit'
    SPDXID           = $root
    versionInfo      = $version
    supplier         = "Organization: $($manifest.CompanyName)"
    downloadLocation = 'NOASSERTION'
    filesAnalyzed    = $false
    licenseConcluded = 'MIT'
    licenseDeclared  = 'MIT'
    copyrightText    = $manifest.Copyright
}
$foreign = @(foreach ($package in $used.Values | Sort-Object Name) {
    $licence = Get-Licence $package.Nuspec
    [ordered]@{
        name             = $package.Name
        SPDXID           = "SPDXRef-Package-$($package.Name)-$($package.Version)"
        versionInfo      = $package.Version
        downloadLocation = "https://www.nuget.org/packages/$($package.Name)/$($package.Version)"
        filesAnalyzed    = $false
        licenseConcluded = $licence
        licenseDeclared  = $licence
        copyrightText    = 'NOASSERTION'
        externalRefs     = @([ordered]@{
            referenceCategory = 'PACKAGE-MANAGER'
            referenceType     = 'purl'
            referenceLocator  = "pkg:nuget/$($package.Name)@$($package.Version)"
        })
    }
})
$bill = [ordered]@{
    spdxVersion       = 'SPDX-2.3'
    dataLicense       = 'CC0-1.0'
    SPDXID            = 'SPDXRef-DOCUMENT'
    name              = "QwenEdit $version"
    documentNamespace = "https://spdx.org/spdxdocs/QwenEdit-$version-$([guid]::NewGuid())"
    creationInfo      = [ordered]@{
        created  = [DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ')
        creators = @("Organization: $($manifest.CompanyName)")
    }
    packages          = @($own) + $foreign
    files             = @($files)
    relationships     = @(
        [ordered]@{ spdxElementId = 'SPDXRef-DOCUMENT'; relationshipType = 'DESCRIBES'; relatedSpdxElement = $root }
        $foreign | ForEach-Object { [ordered]@{ spdxElementId = $root; relationshipType = 'DEPENDS_ON'; relatedSpdxElement = $_.SPDXID } }
        $files | ForEach-Object { [ordered]@{ spdxElementId = $root; relationshipType = 'CONTAINS'; relatedSpdxElement = $_.SPDXID } }
    )
}
$json = $bill | ConvertTo-Json -Depth 6
[System.IO.File]::WriteAllText($Path, $json)
