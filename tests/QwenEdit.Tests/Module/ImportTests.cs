using System.Management.Automation;
using QuickStart.Hosting;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.ModuleImport;

public sealed class ImportTests : IDisposable
{
    private static readonly string[] Cmdlets =
        ["Get-QwenEditStatus", "Invoke-QwenImageEdit", "Receive-QwenEditResult", "Submit-QwenImageEdit"];

    private readonly PowerShellHost _host = PowerShellHost.OpenBare();

    public ImportTests() => _host.Set("manifest", BuiltModule.Manifest).Set("folder", BuiltModule.Folder.TrimEnd('/', '\\'));

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("Import-Module $manifest")]
    [InlineData("Import-Module $folder")]
    [InlineData("Import-Module $manifest; Import-Module $manifest")]
    [InlineData("Import-Module $manifest; Import-Module $manifest -Force")]
    [InlineData("Import-Module $manifest; Import-Module $manifest -Force; Import-Module $manifest -Force")]
    [InlineData("Import-Module $manifest; Remove-Module QwenEdit; Import-Module $manifest")]
    [InlineData("Import-Module $manifest; Get-Module QwenEdit | Remove-Module -Force; Import-Module $manifest -Force")]
    [InlineData("Import-Module $manifest -Global")]
    [InlineData("Import-Module $manifest -Scope Global -Force")]
    [InlineData("& { Import-Module $manifest }")]
    [InlineData("Import-Module $manifest -Prefix Other; Remove-Module QwenEdit; Import-Module $manifest")]
    public void Leaves_the_cmdlets_there(string script) =>
        Assert.Equal(Cmdlets, CommandsAfter(script));

    private IEnumerable<object?> CommandsAfter(string script) =>
        _host.Run($"{script}; Get-Command -Module QwenEdit | ForEach-Object Name").WithoutErrors().Output.Select(name => name.BaseObject);
}
