using QwenEdit.Journal;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.ModuleImport;

/// <summary>The module from two folders in one process, one after the other.</summary>
public sealed class SecondCopyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PowerShellHost _host = PowerShellHost.Open();

    public SecondCopyTests()
    {
        foreach (string file in Directory.EnumerateFiles(BuiltModule.Folder, "*", SearchOption.AllDirectories))
        {
            string copy = _folder["QwenEdit", Path.GetRelativePath(BuiltModule.Folder, file)];
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        _host.Set("copy", _folder["QwenEdit"]);
    }

    public void Dispose()
    {
        _host.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_copy_of_the_same_version_shares_what_is_loaded()
    {
        ScriptRun run = _host.Run("""
            Remove-Module QwenEdit
            Import-Module $copy
            Get-Command -Module QwenEdit | ForEach-Object { $_.ImplementingType.Assembly.Location }
            """).WithoutErrors();

        string loaded = Path.Combine(BuiltModule.Folder, "bin", "Core", "QwenEdit.dll");
        Assert.NotEmpty(run.Output);
        Assert.All(run.Output, location => Assert.Equal(loaded, location.BaseObject));
    }

    [Fact]
    public void Another_version_is_refused_and_the_error_names_both_and_the_way_out()
    {
        // Any other assembly's version will do.
        File.Copy(typeof(Xunit.Assert).Assembly.Location, _folder["QwenEdit", "bin", "Core", "QwenEdit.dll"], overwrite: true);

        string message = _host.Run("Remove-Module QwenEdit; Import-Module $copy -ErrorAction Stop").TerminatingError!.Exception.Message;

        Assert.Contains(Path.Combine(BuiltModule.Folder, "bin", "Core", "QwenEdit.dll"), message, StringComparison.Ordinal);
        Assert.Contains(_folder["QwenEdit", "bin", "Core", "QwenEdit.dll"], message, StringComparison.Ordinal);
        Assert.Contains("Start a new PowerShell session", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loader_of_another_version_is_refused_and_the_error_says_the_way_out()
    {
        // The other edition's has the same name, and is another assembly.
        File.Copy(
            Path.Combine(BuiltModule.Folder, "bin", "Desktop", "QwenEdit.Loader.dll"),
            _folder["QwenEdit", "bin", "Core", "QwenEdit.Loader.dll"],
            overwrite: true);

        string message = _host.Run("Remove-Module QwenEdit; try { Import-Module $copy } catch { $_.Exception.Message }").Output[0].ToString();

        Assert.Contains(_folder["QwenEdit", "bin", "Core"], message, StringComparison.Ordinal);
        Assert.Contains("start a new PowerShell session", message, StringComparison.Ordinal);
    }
}
