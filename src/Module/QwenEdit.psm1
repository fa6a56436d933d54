$ErrorActionPreference = 'Stop'

# The loader keeps the module's dependencies apart from those of other modules; see QwenEdit.Loader.
$build = if ($PSEdition -eq 'Core') { 'net8.0' } else { 'netstandard2.0' }
$folder = [System.IO.Path]::Combine($PSScriptRoot, 'bin', $build)
if (-not ('QwenEdit.Loader.ModuleLoader' -as [type])) {
    $null = [System.Reflection.Assembly]::LoadFrom([System.IO.Path]::Combine($folder, 'QwenEdit.Loader.dll'))
}

$assembly = [QwenEdit.Loader.ModuleLoader]::Load($folder)
$inner = Microsoft.PowerShell.Core\Import-Module -Assembly $assembly -PassThru

# Left behind, the inner module would keep the next import from exporting anything:
# https://github.com/PowerShell/PowerShell/issues/20710
$ExecutionContext.SessionState.Module.OnRemove = { Microsoft.PowerShell.Core\Remove-Module -ModuleInfo $inner }
