using QwenEdit.Journal;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.ModuleImport;

public sealed class ImportTests : IDisposable
{
    private static readonly IReadOnlyList<string> Cmdlets = ManifestExports.Cmdlets;

    private readonly PowerShellHost _host = OpenBare();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("Import-Module $manifest")]
    [InlineData("Import-Module $folder")]
    [InlineData("Import-Module $manifest; Import-Module $manifest")]
    [InlineData("Import-Module $manifest; Import-Module $manifest -Force")]
    [InlineData("Import-Module $manifest; Import-Module $manifest -Force; Import-Module $manifest -Force")]
    [InlineData("Import-Module $manifest; Remove-Module QwenEdit; Import-Module $manifest")]
    [InlineData("Import-Module $manifest; Get-Module QwenEdit | Remove-Module -Force; Import-Module $manifest -Force")]
    [InlineData("Import-Module $manifest -Prefix Other; Remove-Module QwenEdit; Import-Module $manifest")]
    [InlineData("Import-Module $manifest -Cmdlet Get-*; Import-Module $manifest -Force")]
    [InlineData("& { Import-Module $manifest }")]
    [InlineData("& { Import-Module $manifest -Scope Local }; Import-Module $manifest")]
    [InlineData("$null = New-Module { Import-Module $manifest -Global }")]
    [InlineData("$null = New-Module { Import-Module $manifest }; Import-Module $manifest")]
    public void Leaves_the_cmdlets_there(string import) => Assert.Equal(Cmdlets, CommandsAfter(import));

    [Fact]
    public void A_prefix_goes_before_every_noun() => Assert.Equal(
        Cmdlets.Select(name => name.Replace("-", "-My", StringComparison.Ordinal)),
        CommandsAfter("Import-Module $manifest -Prefix My"));

    [Fact]
    public void A_filter_leaves_the_other_cmdlets_out() =>
        Assert.Equal(
            ["Invoke-QwenImageEdit"],
            CommandsAfter("Import-Module $manifest -Cmdlet Invoke-*"));

    [Fact]
    public void A_cmdlet_says_which_module_it_is_of()
    {
        ScriptRun run = _host.Run(@"Import-Module $manifest; Get-Command QwenEdit\Invoke-QwenImageEdit").WithoutErrors();

        Assert.Equal("QwenEdit", Assert.Single(run.Values("ModuleName")));
        Assert.Equal(_host.Run("(Get-Module QwenEdit).Version").Output[0], Assert.Single(run.Values("Version")));
    }

    [Fact]
    public void What_the_loader_brings_stays_inside_the_module() =>
        Assert.Empty(_host.Run("Import-Module $manifest; Get-Command Get-ModuleAssembly -ErrorAction Ignore; Get-Module QwenEdit.*").WithoutErrors().Output);

    [Fact]
    public void Nothing_is_warned_of() =>
        Assert.Empty(_host.Run("Import-Module $manifest; Remove-Module QwenEdit").WithoutErrors().Warnings);

    [Fact]
    public void Removal_takes_the_cmdlets_and_the_inner_module_away() =>
        Assert.Empty(_host.Run("""
            Import-Module $manifest
            Remove-Module QwenEdit
            Get-Command *-Qwen*
            Get-Module -All
            """).WithoutErrors().Output);

    [Fact]
    public void Objects_outlive_the_module_and_are_of_its_types_when_it_comes_again()
    {
        ScriptRun run = _host.Run("""
            Import-Module $manifest
            $png = [QwenEdit.ImageFormat]::Png
            Remove-Module QwenEdit
            "$png"
            Import-Module $manifest
            $png -is [QwenEdit.ImageFormat]
            """).WithoutErrors();

        Assert.Equal(["Png", true], run.Output.Select(item => item.BaseObject));
    }

    [Fact]
    public async Task Several_runspaces_share_one_copy_of_the_module()
    {
        PowerShellHost[] hosts = [.. Enumerable.Range(0, 8).Select(_ => OpenBare())];
        ScriptRun[] runs = await Task.WhenAll(hosts.Select(host => host.RunAsync("""
            Import-Module $manifest
            Get-Command -Module QwenEdit | ForEach-Object { $_.ImplementingType.Assembly }
            """)));

        Assert.All(runs, run => Assert.Equal(Cmdlets.Count, run.WithoutErrors().Output.Count));
        Assert.Single(runs.SelectMany(run => run.Output).Select(assembly => assembly.BaseObject).Distinct());
        Array.ForEach(hosts, host => host.Dispose());
    }

    private static PowerShellHost OpenBare() =>
        PowerShellHost.OpenBare().Set("manifest", BuiltModule.Manifest).Set("folder", BuiltModule.Folder);

    private IEnumerable<object?> CommandsAfter(string import) =>
        _host.Run($"{import}; Get-Command -Module QwenEdit").WithoutErrors().Values("Name");
}
