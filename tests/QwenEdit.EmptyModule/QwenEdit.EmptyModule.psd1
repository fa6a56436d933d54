@{
    RootModule        = 'QwenEdit.EmptyModule.dll'
    ModuleVersion     = '1.0.0'
    GUID              = 'a0a1c2f4-6f0f-4a1e-9d5c-0f8f5a1d7c3b'
    CmdletsToExport   = @('Get-Nothing')
    FunctionsToExport = @()
    AliasesToExport   = @()
    VariablesToExport = @()
}
