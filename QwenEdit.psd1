@{
    RootModule           = 'QwenEdit.psm1'
    ModuleVersion        = '0.1.0'
    GUID                 = '0de31a4b-5c6a-4f61-8273-ff6832fe5947'
    Author               = 'QwenEdit contributors'
    CompanyName          = 'QwenEdit'
    Copyright            = '(c) QwenEdit contributors. MIT License.'
    Description          = 'Edits images with Segmind''s qwen-image-edit-fast from scripts and scheduled tasks: streams results as typed objects, never pays twice for an edit and never loses one that was paid for.'

    PowerShellVersion    = '5.1'
    CompatiblePSEditions = @('Core', 'Desktop')
    DotNetFrameworkVersion = '4.7.2'

    # No HelpInfoURI: the help comes with the module, of the same version, and Update-Help has nothing to fetch.
    FormatsToProcess     = @('QwenEdit.Format.ps1xml')
    TypesToProcess       = @('QwenEdit.Types.ps1xml')
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
            Tags       = @('Segmind', 'Qwen', 'Image', 'Edit', 'AI', 'Batch', 'Windows', 'Linux', 'PSEdition_Core', 'PSEdition_Desktop')
            LicenseUri = 'https://opensource.org/licenses/MIT'
        }
    }
}
