using Markdig;
using Markdig.Syntax;

namespace QwenEdit.Help;

/// <summary>
/// An about topic, written in Markdown as PlatyPS's schema for about files has it: the name as the title, then the sections Short Description,
/// Long Description and See Also.
/// </summary>
internal sealed class AboutTopic
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().Build();

    private readonly MarkdownDocument _document;

    private AboutTopic(string name, string markdown)
    {
        MarkdownDocument document = Markdig.Markdown.Parse(markdown, Pipeline);
        Name = name;
        Markdown = markdown;
        _document = document;
        ShortDescription = document is [HeadingBlock { Level: 1 } title, HeadingBlock { Level: 2 }, ParagraphBlock text, ..] && PlainText.Of(title.Inline) == name
            ? PlainText.Of(text.Inline)
            : throw new InvalidDataException($"{name}.md does not begin with its name as the title, and a short description.");
    }

    /// <summary>The topic's name, such as about_QwenEdit: the argument of <c>Get-Help</c>.</summary>
    internal string Name { get; }

    /// <summary>The paragraph of the first section.</summary>
    internal string ShortDescription { get; }

    /// <summary>The topic's page.</summary>
    internal string Markdown { get; }

    /// <summary>Reads a topic from a file that has its name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="parts">The parts of the page that are generated, by their names.</param>
    /// <exception cref="InvalidDataException">The file does not begin as an about topic does, or has a part that does not exist.</exception>
    internal static AboutTopic Read(string path, IReadOnlyDictionary<string, string> parts) =>
        Parse(Path.GetFileNameWithoutExtension(path), GeneratedParts.Replace(File.ReadAllText(path).ReplaceLineEndings("\n"), parts));

    /// <summary>Reads a topic from Markdown.</summary>
    internal static AboutTopic Parse(string name, string markdown) => new(name, markdown);

    /// <summary>The text of the topic's .help.txt file.</summary>
    internal string ToHelpText() => HelpTextWriter.Write(_document);
}
