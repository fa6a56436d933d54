$ErrorActionPreference = 'Stop'

# The loader keeps the module's dependencies apart from those of other modules; see QwenEdit.Loader. It is called by its cmdlet, as the first
# call of a .NET method takes PowerShell several times as long.
$bin = "$PSScriptRoot/bin/$PSEdition"
try {
    Microsoft.PowerShell.Core\Import-Module $bin/QwenEdit.Loader.dll
}
catch {
    throw "QwenEdit can't be loaded from $bin. If another version of it was imported before, start a new PowerShell session. $_"
}

Microsoft.PowerShell.Core\Import-Module -Assembly (QwenEdit.Loader\Get-ModuleAssembly $bin)
