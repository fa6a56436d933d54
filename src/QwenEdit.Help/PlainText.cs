using Markdig.Syntax.Inlines;

namespace QwenEdit.Help;

/// <summary>Markdown's inline markup as plain text.</summary>
internal static class PlainText
{
    /// <summary>The text without markup. The address of a link to the web follows its text; a link to another page is its text alone.</summary>
    /// <exception cref="InvalidDataException">The markup has no form as text, such as an image or HTML.</exception>
    internal static string Of(Inline? inline) => inline switch
    {
        null => string.Empty,
        LiteralInline literal => literal.Content.ToString(),
        CodeInline code => code.Content,
        LineBreakInline => " ",
        AutolinkInline link => link.Url,
        HtmlEntityInline entity => entity.Transcoded.ToString(),
        LinkInline { IsImage: false, Url: { } url } link when url.StartsWith("http", StringComparison.Ordinal) => $"{Children(link)} ({url})",
        LinkInline { IsImage: false } link => Children(link),
        EmphasisInline emphasis => Children(emphasis),
        ContainerInline container when container.GetType() == typeof(ContainerInline) => Children(container),
        _ => throw new InvalidDataException($"Line {inline.Line + 1}: the help has no form for {inline.GetType().Name}."),
    };

    private static string Children(ContainerInline container) => string.Concat(container.Select(Of));
}
