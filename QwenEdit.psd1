@{
    # The build copies these files beside the built manifest and removes the folder from their paths.
    RootModule           = 'src/Module/QwenEdit.psm1'
    ModuleVersion        = '0.2.0'
    GUID                 = '0de31a4b-5c6a-4f61-8273-ff6832fe5947'
    Author               = 'QwenEdit contributors'
    CompanyName          = 'QwenEdit'
    Copyright            = '(c) QwenEdit contributors. MIT License.'
    Description          = 'Edits images with Segmind''s qwen-image-edit-fast from scripts and scheduled tasks: streams results as typed objects, never pays twice for an edit and never loses one that was paid for.'

    PowerShellVersion    = '5.1'
    CompatiblePSEditions = @('Core', 'Desktop')
    DotNetFrameworkVersion = '4.7.2'

    # No HelpInfoURI: the help comes with the module, of the same version, and Update-Help has nothing to fetch.
    FormatsToProcess     = @('src/Module/QwenEdit.Format.ps1xml')
    TypesToProcess       = @('src/Module/QwenEdit.Types.ps1xml')
    CmdletsToExport      = @(
        'Get-QwenEditCredit'
        'Get-QwenEditJob'
        'Get-QwenEditRun'
        'Get-QwenEditStatus'
        'Invoke-QwenImageEdit'
        'Measure-QwenImageEdit'
        'Receive-QwenEditResult'
        'Remove-QwenEditJob'
        'Resume-QwenImageEdit'
        'Submit-QwenImageEdit'
    )
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()

    PrivateData          = @{
        PSData = @{
            # Remove this line to release the version itself instead of a preview of it.
            Prerelease   = 'preview1'
            # In the built manifest, this is the section of this version in CHANGELOG.md.
            ReleaseNotes = 'See CHANGELOG.md.'
            Tags         = @(
                'Segmind', 'Qwen', 'Image', 'Images', 'ImageEditing', 'Edit', 'AI', 'GenerativeAI', 'Batch', 'Automation'
                'Windows', 'Linux', 'MacOS', 'PSEdition_Core', 'PSEdition_Desktop'
            )
            LicenseUri   = 'https://opensource.org/licenses/MIT'
        }
    }
}
