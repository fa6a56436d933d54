using System.Collections;
using System.Reflection;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.ModuleImport;

/// <summary>The manifest is the only place of the version, and the changelog the only place of the release notes.</summary>
public sealed class VersionTests
{
    private static readonly Hashtable Manifest = ManifestExports.Manifest();
    private static readonly Hashtable PSData = (Hashtable)((Hashtable)Manifest["PrivateData"]!)["PSData"]!;

    [Fact]
    public void Assemblies_have_the_version_and_the_prerelease_label_of_the_manifest()
    {
        Assembly module = typeof(EditRequest).Assembly;
        string informational = module.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

        Assert.Equal($"{Manifest["ModuleVersion"]}.0", module.GetName().Version!.ToString());
        Assert.Equal(FullVersion, informational.Split('+')[0]);
    }

    [Fact]
    public void The_release_notes_are_the_section_of_this_version_in_the_changelog()
    {
        IEnumerable<string> section = File.ReadLines(Path.Combine(BuiltModule.Repository, "CHANGELOG.md"))
            .SkipWhile(line => !line.StartsWith($"## [{FullVersion}]", StringComparison.Ordinal))
            .Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal));

        string notes = string.Join('\n', section).Trim();
        Assert.NotEmpty(notes);
        Assert.Equal(notes, ((string)PSData["ReleaseNotes"]!).ReplaceLineEndings("\n"));
    }

    /// <summary>Such as <c>0.2.0-preview1</c>, or <c>0.2.0</c> where there is no label.</summary>
    private static string FullVersion => PSData["Prerelease"] is string label ? $"{Manifest["ModuleVersion"]}-{label}" : $"{Manifest["ModuleVersion"]}";
}
