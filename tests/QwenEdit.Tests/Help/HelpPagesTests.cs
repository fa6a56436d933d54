using System.Text.RegularExpressions;
using QwenEdit.Commands;
using QwenEdit.Help;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Help;

/// <summary>The pages in docs/en-US.</summary>
public sealed partial class HelpPagesTests
{
    private const string Remedy = "Run `dotnet build src/QwenEdit -t:Docs`, and commit the changes in docs/en-US.";

    private static readonly string Root = BuiltModule.Repository;
    private static readonly string Folder = Path.Combine(Root, "docs", "en-US");

    [Fact]
    public void The_pages_are_those_of_the_documentation_comments_and_the_catalog_of_errors()
    {
        ModuleHelp help = new(typeof(InvokeQwenImageEditCommand).Assembly, Folder);
        IReadOnlyDictionary<string, string> pages = help.Pages(Path.Combine(Root, "QwenEdit.psd1"));

        string[] files = [.. Directory.EnumerateFiles(Folder).Select(path => Path.GetFileName(path))];
        string[] stale =
        [
            .. pages.Where(page => Read(page.Key) != page.Value).Select(page => $"docs/en-US/{page.Key} is missing or out of date."),
            .. files.Except(pages.Keys).Select(file => $"docs/en-US/{file} is the page of no cmdlet and of no topic."),
        ];
        Assert.True(stale.Length == 0, string.Join('\n', [.. stale, Remedy]));
    }

    [Fact]
    public void Links_between_pages_lead_to_a_page()
    {
        string[] links = [.. Directory.EnumerateFiles(Folder).SelectMany(path => Link().Matches(File.ReadAllText(path)).Select(link => link.Groups[1].Value)).Distinct()];

        Assert.Contains("Invoke-QwenImageEdit.md", links);
        Assert.Contains("about_QwenEdit.md", links);
        Assert.All(links, link => Assert.True(File.Exists(Path.Combine(Folder, link)), $"docs/en-US has no {link}."));
    }

    private static string? Read(string page) =>
        Path.Combine(Folder, page) is var path && File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : null;

    [GeneratedRegex(@"\]\((?!https?:)([^)#]*)")]
    private static partial Regex Link();
}
