#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# Packs a copy of the repository, so that the module that other tests import stays as it is.
Describe 'The package' -Tag 'Package' -Skip:(-not (Get-Command Compress-PSResource -ErrorAction Ignore)) {
    BeforeAll {
        $repository = Split-Path (Split-Path $PSScriptRoot)
        $copy = Join-Path $TestDrive 'repository'
        & git clone --quiet $repository $copy
        $feed = (New-Item (Join-Path $TestDrive 'feed') -ItemType Directory).FullName
        Register-PSResourceRepository -Name QwenEditTest -Uri $feed -Trusted -Force
        $published = & (Join-Path $copy 'build.ps1') -Task Publish -Repository QwenEditTest -Confirm:$false | Where-Object { $_ -is [System.IO.FileInfo] }
    }

    AfterAll { Unregister-PSResourceRepository -Name QwenEditTest }

    It 'is published to a repository' {
        (Find-PSResource QwenEdit -Repository QwenEditTest).Version | Should -Be (Import-PowerShellDataFile (Join-Path $repository 'QwenEdit.psd1')).ModuleVersion
    }

    It 'is installed from there, whole' {
        Save-PSResource QwenEdit -Repository QwenEditTest -Path $TestDrive -TrustRepository
        $saved = (Get-Item (Join-Path $TestDrive 'QwenEdit/*')).FullName

        $files = Get-ChildItem $saved -Recurse -File | ForEach-Object { $_.FullName.Substring($saved.Length + 1).Replace('\', '/') } |
            Where-Object { $_ -ne 'PSGetModuleInfo.xml' }
        Compare-Object (Get-Content (Join-Path $repository 'src/package-files.txt')) $files | Should -BeNullOrEmpty
        (Test-ModuleManifest (Join-Path $saved 'QwenEdit.psd1')).ExportedCmdlets.Count | Should -BeGreaterThan 0
    }

    It 'has a bill of materials that names every file and every library' {
        $bill = Get-Content ($published | Where-Object Name -Like '*.spdx.json').FullName -Raw | ConvertFrom-Json

        $bill.spdxVersion | Should -Be 'SPDX-2.3'
        $bill.files.fileName | Sort-Object | Should -Be (Get-Content (Join-Path $repository 'src/package-files.txt') | ForEach-Object { "./$_" } | Sort-Object)
        $bill.packages.name | Should -Contain 'Polly.Core'
        # What is no file of this module's own is from a package.
        $bill.files | Where-Object { $_.fileName -match '\.(dll|so|dylib)$' -and $_.fileName -notmatch '/QwenEdit[^/]*\.dll$' } |
            ForEach-Object comment | Should -Not -Contain 'Of this module.'
    }
}
