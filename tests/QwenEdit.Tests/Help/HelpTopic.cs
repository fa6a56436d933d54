using System.Text.RegularExpressions;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Help;

/// <summary>The about_ topics that the module brings.</summary>
internal static partial class HelpTopic
{
    /// <summary>Their names.</summary>
    internal static IReadOnlyList<string> All { get; } =
    [
        .. Directory.EnumerateFiles(Folder, "about_*.help.txt").Select(path => Path.GetFileName(path)[..^".help.txt".Length]).Order(StringComparer.Ordinal),
    ];

    private static string Folder => Path.Combine(BuiltModule.Folder, "en-US");

    /// <summary>The text of a topic.</summary>
    internal static string Read(string name) => File.ReadAllText(Path.Combine(Folder, $"{name}.help.txt")).ReplaceLineEndings("\n");

    /// <summary>What about_QwenEdit_Errors says, by the error's name.</summary>
    internal static IReadOnlyDictionary<string, string> Errors { get; } =
        ErrorEntry().Matches(Read("about_QwenEdit_Errors")).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

    [GeneratedRegex(@"^    ([A-Z][A-Za-z]+)\n((?: {8}.*\n|\n(?= {8}))+)", RegexOptions.Multiline)]
    private static partial Regex ErrorEntry();
}
