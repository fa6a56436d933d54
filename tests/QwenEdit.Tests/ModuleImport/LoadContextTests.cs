using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.ModuleImport;

/// <summary>What the module's load context finds, tried on a loader of the test's own.</summary>
public sealed class LoadContextTests : IDisposable
{
    private static readonly string Bin = Path.Combine(BuiltModule.Folder, "bin", "Core");
    private static readonly string Extension = OperatingSystem.IsWindows() ? ".dll" : ".so";

    // A library that every runtime has, and that can be loaded under any name.
    private static readonly string AnyNativeLibrary = Directory.EnumerateFiles(
        RuntimeEnvironment.GetRuntimeDirectory(), $"*System.IO.Compression.Native{Extension}").Single();

    private readonly TemporaryFolder _folder = new();

    // A file that is loaded stays in use on Windows.
    public void Dispose()
    {
        if (!OperatingSystem.IsWindows())
        {
            _folder.Dispose();
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("lib")]
    public void A_native_library_is_found_in_the_runtimes_folder(string prefix)
    {
        string system = OperatingSystem.IsWindows() ? "win" : "linux";
        string architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        AddNative("runtimes", $"{system}-{architecture}", "native", $"{prefix}probe{Extension}");

        Assert.True(FindsNative("probe"));
    }

    [Fact]
    public void A_native_library_is_found_beside_the_module()
    {
        AddNative($"probe{Extension}");

        Assert.True(FindsNative("probe"));
        Assert.True(FindsNative($"probe{Extension}"));
    }

    [Fact]
    public void A_native_library_of_another_platform_is_not_tried()
    {
        AddNative("runtimes", "solaris-sparc", "native", $"probe{Extension}");

        Assert.False(FindsNative("probe"));
    }

    [Fact]
    public void Every_library_beside_the_module_comes_from_there()
    {
        AssemblyLoadContext context = AssemblyLoadContext.GetLoadContext(LoadModule(Bin))!;

        Assert.NotSame(AssemblyLoadContext.Default, context);
        Assert.All(
            Directory.EnumerateFiles(Bin, "*.dll").Where(path => !path.EndsWith("QwenEdit.Loader.dll", StringComparison.Ordinal)),
            path => Assert.Equal(path, context.LoadFromAssemblyName(AssemblyName.GetAssemblyName(path)).Location));
    }

    [Fact]
    public void What_is_not_beside_the_module_comes_from_PowerShell()
    {
        Assembly module = LoadModule(Bin);

        AssemblyName engine = module.GetReferencedAssemblies().Single(name => name.Name == "System.Management.Automation");
        Assert.Same(
            typeof(System.Management.Automation.PSObject).Assembly,
            AssemblyLoadContext.GetLoadContext(module)!.LoadFromAssemblyName(engine));
    }

    private void AddNative(params string[] path)
    {
        File.Copy(Path.Combine(Bin, "QwenEdit.dll"), _folder["QwenEdit.dll"]);
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[path])!);
        File.Copy(AnyNativeLibrary, _folder[path]);
    }

    private bool FindsNative(string name) => NativeLibrary.TryLoad(name, LoadModule(_folder.Path), searchPath: null, out _);

    private static Assembly LoadModule(string folder)
    {
        Assembly loader = new AssemblyLoadContext(folder).LoadFromAssemblyPath(Path.Combine(Bin, "QwenEdit.Loader.dll"));
        MethodInfo load = loader.GetType("QwenEdit.Loader.ModuleLoader")!.GetMethod("Load")!;
        return load.CreateDelegate<Func<string, Assembly>>()(folder);
    }
}
