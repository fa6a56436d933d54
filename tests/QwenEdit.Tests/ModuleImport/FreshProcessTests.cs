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
        Assert.Equal([Count()], await RunAsync(script));

    [Fact]
    public async Task First_imports_at_the_same_time_all_succeed() => Assert.Equal([Count(times: 8)], await RunAsync("""
        $state = [initialsessionstate]::CreateDefault2()
        $import = 'Import-Module QwenEdit; Get-Command -Module QwenEdit'
        $shells = 1..8 | ForEach-Object { [powershell]::Create($state).AddScript($import) }
        $runs = $shells | ForEach-Object { $_.BeginInvoke() }
        $commands = 0..7 | ForEach-Object { $shells[$_].EndInvoke($runs[$_]) }
        $commands.Count
        """));

    // Neither HTTP nor the journal nor a dependency is loaded, so there is nothing that could open a socket or a file.
    [Fact]
    public async Task Importing_loads_two_assemblies_and_touches_nothing_else()
    {
        Assert.Equal(["QwenEdit.Loader", "QwenEdit"], await RunAsync("""
            $before = [AppDomain]::CurrentDomain.GetAssemblies()
            Import-Module QwenEdit
            [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_ -notin $before } | ForEach-Object { $_.GetName().Name }
            """));
        // PowerShell itself keeps what it learned of its start and of modules.
        Assert.All(
            Directory.EnumerateFiles(_home.Path, "*", SearchOption.AllDirectories),
            path => Assert.StartsWith(_home["cache", "powershell"], path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_version_of_a_dependency_in_the_default_context_does_no_harm()
    {
        string[] locations = await RunAsync("""
            $theirs = [System.Reflection.Assembly]::LoadFrom($env:OTHER_POLLY)
            Import-Module QwenEdit
            $context = [System.Runtime.Loader.AssemblyLoadContext]::GetLoadContext([QwenEdit.ImageFormat].Assembly)
            $ours = $context.LoadFromAssemblyName('Polly.Core')
            $ours.Location
            $ours, $theirs | ForEach-Object { [System.Diagnostics.FileVersionInfo]::GetVersionInfo($_.Location).FileVersion }
            """);

        Assert.Equal(Path.Combine(BuiltModule.Folder, "bin", "Core", "Polly.Core.dll"), locations[0]);
        Assert.NotEqual(locations[1], locations[2]);
    }

    // What Windows PowerShell does, as far as it can be done in this engine.
    [Fact]
    public async Task The_netstandard_build_loads_its_cmdlets_by_its_own_loader() => Assert.Equal([Count()], await RunAsync("""
        $folder = "$env:BUILT_MODULE/bin/Desktop"
        Import-Module $folder/QwenEdit.Loader.dll
        Get-ModuleAssembly $folder | Import-Module
        (Get-Command *-Qwen* | Where-Object { $_.ImplementingType.Assembly.Location -like '*Desktop*' }).Count
        """));

    private static string Count(int times = 1) => $"{times * ManifestExports.Cmdlets.Count}";

    private Task<string[]> RunAsync(string script) => PowerShellProcess.RunAsync(
        script,
        ("PSModulePath", Path.GetFullPath("..", BuiltModule.Folder)),
        ("BUILT_MODULE", BuiltModule.Folder),
        ("OTHER_POLLY", BuildMetadata.Get("OtherPolly")),
        ("HOME", _home.Path),
        ("XDG_STATE_HOME", _home["state"]),
        ("XDG_CACHE_HOME", _home["cache"]));
}
