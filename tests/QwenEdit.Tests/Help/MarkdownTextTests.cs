using QwenEdit.Help;

namespace QwenEdit.Tests.Help;

/// <summary>How paragraphs of documentation comments become Markdown.</summary>
public sealed class MarkdownTextTests
{
    private static readonly MarkdownText Prose = new(new HashSet<string> { "Get-QwenEditJob", "Get-QwenEditRun", "about_QwenEdit" }, "Get-QwenEditRun");

    [Theory]
    [InlineData("As Get-QwenEditJob does.", "As [Get-QwenEditJob](Get-QwenEditJob.md) does.")]
    [InlineData("See about_QwenEdit.", "See [about_QwenEdit](about_QwenEdit.md).")]
    [InlineData("As Get-QwenEditRun and Get-QwenOther do.", "As Get-QwenEditRun and Get-QwenOther do.")]
    [InlineData("Use -WhatIf, or -Confirm:$false.", "Use `-WhatIf`, or `-Confirm:$false`.")]
    [InlineData("[a] <b> *c* `d` \\[e] C:\\f", "\\[a\\] \\<b\\> \\*c\\* \\`d\\` \\\\\\[e\\] C:\\f")]
    [InlineData("One. Two? Three! 0.5 v1.", "One.\nTwo?\nThree!\n0.5 v1.")]
    public void Prose_has_links_and_code_and_a_line_for_each_sentence(string prose, string markdown) =>
        Assert.Equal(markdown, Prose.Write([new Paragraph(prose)]));

    [Fact]
    public void Code_is_kept_as_it_is() =>
        Assert.Equal("Use `*.png. [x] Get-QwenEditJob`.\n\nMore.", Prose.Write(
            [new Paragraph([new Span("Use "), new Span("*.png. [x] Get-QwenEditJob", IsCode: true), new Span(".")]), new Paragraph("More.")]));

    [Fact]
    public void A_sentence_that_begins_with_code_has_its_own_line() =>
        Assert.Equal("One.\n`two` is next.", Prose.Write([new Paragraph([new Span("One. "), new Span("two", IsCode: true), new Span(" is next.")])]));

    [Fact]
    public void White_space_of_a_comment_is_normalized() =>
        Assert.Equal("a b c", new Paragraph([new Span("\n    a\n    "), new Span("b", IsCode: true), new Span(" c\n")]).ToString());
}
