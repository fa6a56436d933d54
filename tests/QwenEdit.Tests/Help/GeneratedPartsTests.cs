using QwenEdit.Help;

namespace QwenEdit.Tests.Help;

/// <summary>The parts of a hand-written page that are generated.</summary>
public sealed class GeneratedPartsTests
{
    private static readonly Dictionary<string, string> Parts = new() { ["a"] = "A", ["b c"] = "B\n\nC" };

    [Fact]
    public void A_part_is_replaced_and_the_rest_of_the_page_stays()
    {
        const string Page = "One\n\n<!-- generated: a -->\n\nold\n\nold\n\n<!-- end -->\n\nTwo\n\n<!-- generated: b c -->\n<!-- end -->\n";

        string replaced = GeneratedParts.Replace(Page, Parts);

        Assert.Equal("One\n\n<!-- generated: a -->\n\nA\n\n<!-- end -->\n\nTwo\n\n<!-- generated: b c -->\n\nB\n\nC\n\n<!-- end -->\n", replaced);
        Assert.Equal(replaced, GeneratedParts.Replace(replaced, Parts));
    }

    [Theory]
    [InlineData("<!-- generated: x -->\n<!-- end -->")]
    [InlineData("<!-- generated: a -->\n")]
    [InlineData("<!-- generated: a -->\n<!-- generated: b c -->\n<!-- end -->")]
    public void A_part_that_does_not_exist_or_has_no_end_is_an_error(string page) =>
        Assert.Throws<InvalidDataException>(() => GeneratedParts.Replace(page, Parts));
}
