#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# Packs a copy of the repository, so that the module that other tests import stays as it is.
Describe 'The package' -Tag 'Package' {
    BeforeAll {
        $repository = Split-Path (Split-Path $PSScriptRoot)
        $copy = Join-Path $TestDrive 'repository'
        & git clone --quiet $repository $copy
        # Repositories are registered for the whole user, who may run these tests twice at the same time.
        $feedName = "QwenEditTest-$PID"
        $feed = (New-Item (Join-Path $TestDrive 'feed') -ItemType Directory).FullName
        Register-PSResourceRepository -Name $feedName -Uri $feed -Trusted -Force
        $build = Join-Path $copy 'build.ps1'
        $null = & $build -Task Publish -Repository $feedName -WhatIf
        $publishedByWhatIf = @(Get-ChildItem $feed)
        $published = & $build -Task Publish -Repository $feedName -Confirm:$false | Where-Object { $_ -is [System.IO.FileInfo] }
        $manifest = Import-PowerShellDataFile (Join-Path $repository 'QwenEdit.psd1')
        $listed = Get-Content (Join-Path $repository 'src/package-files.txt')
    }

    AfterAll { Unregister-PSResourceRepository -Name $feedName }

    It 'is not published with -WhatIf' { $publishedByWhatIf | Should -BeNullOrEmpty }

    It 'is published to a repository, as a preview' {
        $found = Find-PSResource QwenEdit -Repository $feedName -Prerelease

        $found.Version | Should -Be $manifest.ModuleVersion
        $found.Prerelease | Should -Be $manifest.PrivateData.PSData.Prerelease
        Find-PSResource QwenEdit -Repository $feedName -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'is installed from there, whole' {
        Save-PSResource QwenEdit -Repository $feedName -Path $TestDrive -TrustRepository -Prerelease
        $saved = (Get-Item (Join-Path $TestDrive 'QwenEdit/*')).FullName

        $files = Get-ChildItem $saved -Recurse -File | ForEach-Object { $_.FullName.Substring($saved.Length + 1).Replace('\', '/') } |
            Where-Object { $_ -ne 'PSGetModuleInfo.xml' }
        Compare-Object $listed $files | Should -BeNullOrEmpty
        (Test-ModuleManifest (Join-Path $saved 'QwenEdit.psd1')).ExportedCmdlets.Count | Should -Be $manifest.CmdletsToExport.Count
    }

    It 'has a bill of materials that names every file and every library' {
        $bill = Get-Content ($published | Where-Object Name -Like '*.spdx.json').FullName -Raw | ConvertFrom-Json

        $bill.spdxVersion | Should -Be 'SPDX-2.3'
        $bill.files.fileName | Sort-Object | Should -Be ($listed | ForEach-Object { "./$_" } | Sort-Object)
        $bill.packages.name | Should -Contain 'Polly.Core'
        # What is no file of this module's own is from a package.
        $bill.files | Where-Object { $_.fileName -match '\.(dll|so|dylib)$' -and $_.fileName -notmatch '/QwenEdit[^/]*\.dll$' } |
            ForEach-Object comment | Should -Not -Contain 'Of this module.'
    }
}
