using QuickStart.Hosting;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.ModuleImport;

/// <summary>What can be seen only in a process that has not touched the module yet.</summary>
public sealed class FreshProcessTests : IDisposable
{
    private readonly TemporaryFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("Import-Module QwenEdit; (Get-Module QwenEdit).ExportedCmdlets.Count")]
    [InlineData("$null = Get-Command Submit-QwenImageEdit; (Get-Module QwenEdit).ExportedCmdlets.Count")]
    public async Task The_module_is_found_by_its_name_and_by_a_commands(string script) =>
        Assert.Equal(["4"], await RunAsync(script));

    [Fact]
    public async Task First_imports_at_the_same_time_all_succeed() => Assert.Equal(["32"], await RunAsync("""
        $state = [initialsessionstate]::CreateDefault2()
        $shells = 1..8 | ForEach-Object { [powershell]::Create($state).AddScript('Import-Module QwenEdit; Get-Command -Module QwenEdit') }
        $runs = $shells | ForEach-Object { $_.BeginInvoke() }
        $commands = 0..7 | ForEach-Object { $shells[$_].EndInvoke($runs[$_]) }
        $commands.Count
        """));

    // Neither HTTP nor the journal nor a dependency is loaded, so there is nothing that could open a socket or a file.
    [Fact]
    public async Task Importing_loads_two_assemblies_and_touches_nothing_else()
    {
        Assert.Equal(["QwenEdit", "QwenEdit.Loader"], await RunAsync("""
            $before = [AppDomain]::CurrentDomain.GetAssemblies()
            Import-Module QwenEdit
            [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_ -notin $before } | ForEach-Object { $_.GetName().Name } |
                ForEach-Object { [System.Collections.Generic.SortedSet[string]] $names = @() } { $null = $names.Add($_) } { $names }
            """));
        Assert.Empty(Directory.EnumerateFiles(_home.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Another_version_of_a_dependency_in_the_default_context_does_no_harm()
    {
        string[] locations = await RunAsync("""
            $theirs = [System.Reflection.Assembly]::Load('Polly.Core')
            Import-Module QwenEdit
            $context = [System.Runtime.Loader.AssemblyLoadContext]::GetLoadContext([QwenEdit.ImageFormat].Assembly)
            $ours = $context.LoadFromAssemblyName('Polly.Core')
            $ours.Location
            $ours.Location, $theirs.Location | ForEach-Object { [System.Diagnostics.FileVersionInfo]::GetVersionInfo($_).FileVersion }
            """);

        Assert.Equal(Path.Combine(BuiltModule.Folder, "bin", "net8.0", "Polly.Core.dll"), locations[0]);
        Assert.NotEqual(locations[1], locations[2]);
    }

    private Task<string[]> RunAsync(string script) => PowerShellProcess.RunAsync(
        script,
        ("PSModulePath", Path.GetFullPath("..", BuiltModule.Folder)),
        ("HOME", _home.Path),
        ("XDG_STATE_HOME", _home["state"]),
        ("XDG_CACHE_HOME", _home["cache"]));
}
