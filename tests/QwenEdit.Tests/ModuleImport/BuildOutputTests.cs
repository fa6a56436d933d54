using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.ModuleImport;

/// <summary>What lies in <c>out/QwenEdit</c>, and that nothing is missing there.</summary>
public sealed class BuildOutputTests
{
    [Theory]
    [InlineData("Core")]
    [InlineData("Desktop")]
    public void A_build_has_the_module_its_loader_and_no_PowerShell(string build)
    {
        string[] names = [.. Directory.EnumerateFiles(Bin(build)).Select(path => Path.GetFileName(path))];

        Assert.Contains("QwenEdit.dll", names);
        Assert.Contains("QwenEdit.Loader.dll", names);
        Assert.Contains("Polly.Core.dll", names);
        Assert.DoesNotContain("System.Management.Automation.dll", names);
        Assert.All(names, name => Assert.EndsWith(".dll", name, StringComparison.Ordinal));
    }

    [Fact]
    public void What_PowerShell_7_brings_is_not_shipped_for_it() =>
        // It does not bring this one.
        Assert.Equal(["System.IO.Hashing.dll"], Directory.EnumerateFiles(Bin("Core"), "System.*").Select(path => Path.GetFileName(path)));

    [Fact]
    public void Whatever_a_library_for_Windows_PowerShell_asks_for_is_shipped_or_in_box()
    {
        Dictionary<string, AssemblyName> shipped = Directory.EnumerateFiles(Bin("Desktop"), "*.dll")
            .Select(AssemblyName.GetAssemblyName)
            .ToDictionary(name => name.Name!);

        Assert.All(shipped.Values, library => Assert.All(
            References(Path.Combine(Bin("Desktop"), library.Name + ".dll")),
            asked => Assert.True(
                asked.Name is "netstandard" or "mscorlib" or "System.Management.Automation"
                || (shipped.TryGetValue(asked.Name!, out AssemblyName? found) && found.Version >= asked.Version),
                $"{library.Name} asks for {asked}")));
    }

    [Fact]
    public void The_files_are_those_that_a_package_may_have()
    {
        string list = Path.Combine(BuiltModule.Repository, "src", "package-files.txt");

        Assert.Equal(
            File.ReadAllLines(list).Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(BuiltModule.Folder, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(BuiltModule.Folder, path).Replace('\\', '/'))
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_manifest_names_every_script_and_view_beside_it()
    {
        string manifest = File.ReadAllText(BuiltModule.Manifest);
        IEnumerable<string> names = Directory.EnumerateFiles(BuiltModule.Folder).Select(path => Path.GetFileName(path));

        Assert.All(
            names.Except(["QwenEdit.psd1", "LICENSE", "ThirdPartyNotices.txt"]),
            name => Assert.Contains($"'{name}'", manifest, StringComparison.Ordinal));
    }

    [Fact]
    public void The_README_has_each_package_that_the_module_uses()
    {
        string[] listed = [.. File.ReadLines(Path.Combine(BuiltModule.Repository, "README.md"))
            .SkipWhile(line => line != "## Dependencies, and why")
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .SelectMany(line => line.Split('|')[1].Split(','), (_, name) => name.Trim())];
        string[] used = [.. XDocument.Load(Path.Combine(BuiltModule.Repository, "src", "QwenEdit", "QwenEdit.csproj"))
            .Descendants("PackageReference")
            .Select(package => package.Attribute("Include")!.Value)];

        Assert.NotEmpty(used);
        // The packages of SQLitePCLRaw are listed under their common name.
        Assert.All(used, package => Assert.Contains(listed, name => package == name || package.StartsWith($"{name}.", StringComparison.Ordinal)));
    }

    private static string Bin(string build) => Path.Combine(BuiltModule.Folder, "bin", build);

    private static AssemblyName[] References(string path)
    {
        using PEReader file = new(File.OpenRead(path));
        MetadataReader metadata = file.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetAssemblyReference(handle).GetAssemblyName())];
    }
}
