using QwenEdit.Help;

namespace QwenEdit.Tests.Help;

/// <summary>How the Markdown of an about topic becomes the text that <c>Get-Help</c> shows.</summary>
public sealed class AboutTopicTests
{
    private const string Head = "# about_X\n\n## Short description\n\nA topic.\n\n## Long description\n\n";

    [Fact]
    public void A_topic_begins_with_its_name_and_its_short_description()
    {
        AboutTopic topic = AboutTopic.Parse("about_X", Head + "Text.");

        Assert.Equal("A topic.", topic.ShortDescription);
        Assert.Equal("TOPIC\n    about_X\n\nSHORT DESCRIPTION\n    A topic.\n\nLONG DESCRIPTION\n    Text.\n", topic.ToHelpText());
    }

    [Theory]
    [InlineData("# about_Y\n\n## Short description\n\nA topic.")]
    [InlineData("# about_X\n\nA topic.")]
    [InlineData("")]
    public void A_topic_without_these_is_an_error(string markdown) =>
        Assert.Contains("about_X.md", Assert.Throws<InvalidDataException>(() => AboutTopic.Parse("about_X", markdown)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("One\ntwo `-Three` **four** &amp; [five](about_Y.md).", "    One two -Three four & five.")]
    [InlineData("See <https://a.example> and [b](https://b.example).", "    See https://a.example and b (https://b.example).")]
    [InlineData("```powershell\nif (1) {\n    2\n\n}\n```", "        if (1) {\n            2\n\n        }")]
    [InlineData("- one\n- two", "    - one\n    - two")]
    [InlineData("9. one\n\n   ```\n   code\n   ```\n\n10. two\n\n    - three", "    9. one\n\n           code\n\n    10. two\n\n        - three")]
    [InlineData("| A | Long |\n|---|---|\n| `1 2` | x |\n| 3 | |", "        A    Long\n        -    ----\n        1 2  x\n        3")]
    [InlineData("### Sub\n\nText.", "\n  Sub\n\n    Text.")]
    [InlineData("One.\n\n<!-- a comment -->\n\nTwo.", "    One.\n\n    Two.")]
    [InlineData("#### Term\n\nText.\n\nMore.", "\n    Term\n        Text.\n\n        More.")]
    public void Markdown_becomes_text(string markdown, string text) => Assert.Equal(text, Text(markdown));

    [Fact]
    public void Lines_are_wrapped_for_a_console_of_80_columns()
    {
        string words = string.Join(' ', Enumerable.Repeat("word", 40));

        string text = Text($"{words}\n\n- {words}\n\n| A | B |\n|---|---|\n| a | {words} |\n\n#### Term\n\n{words}");

        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 79));
        Assert.Contains("\n    - word", text, StringComparison.Ordinal);
        Assert.Contains("\n      word", text, StringComparison.Ordinal);
        Assert.Contains("\n        a  word", text, StringComparison.Ordinal);
        Assert.Contains("\n           word", text, StringComparison.Ordinal);
        Assert.Equal(160, text.Split([' ', '\n']).Count(word => word == "word"));
    }

    [Theory]
    [InlineData("![a picture](a.png)")]
    [InlineData("<b>bold</b>")]
    [InlineData("> a quote")]
    [InlineData("##### too deep")]
    public void Markup_that_has_no_form_as_text_is_an_error_with_its_line(string markdown) =>
        Assert.StartsWith("Line 9:", Assert.Throws<InvalidDataException>(() => Text(markdown)).Message, StringComparison.Ordinal);

    private static string Text(string markdown) =>
        AboutTopic.Parse("about_X", Head + markdown).ToHelpText().Split("LONG DESCRIPTION\n")[1].TrimEnd('\n');
}
