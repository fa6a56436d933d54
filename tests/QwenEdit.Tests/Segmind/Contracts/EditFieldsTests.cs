using System.Collections;
using System.Globalization;
using System.Text.Json;
using QwenEdit.Segmind.Contracts;

namespace QwenEdit.Tests.Segmind.Contracts;

/// <summary>What is sent is strict: the documented names, numbers as numbers, in any culture.</summary>
public sealed class EditFieldsTests
{
    private static readonly EditRequest Request = new() { Destination = "/nowhere.png", Prompt = "Make it blue" };

    [Fact]
    public void Every_documented_field_is_named_with_its_default()
    {
        // This text is a part of each identity: with another one, the edits of existing journals would be paid for again.
        Assert.Equal(
            """{"prompt":"Make it blue","steps":8,"guidance":1,"seed":760941192,"image_format":"png","quality":90,"base64":false}""",
            Written(Request));
        Assert.Equal(EditFields.Names.Except(["image"]).Order(), Parsed(Request).EnumerateObject().Select(field => field.Name).Order());
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("fr-FR")]
    [InlineData("ar-SA")]
    [InlineData("fa-IR")]
    public void Numbers_are_numbers_in_every_culture(string culture)
    {
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);

        JsonElement fields = Parsed(Request with
        {
            Guidance = 2.5,
            Steps = 20,
            Quality = 100,
            AdditionalParameters = new Dictionary<string, object?> { ["strength"] = 0.75m, ["scale"] = 1.5f, ["margin"] = -3.25 },
        }, seed: 999_999_999_999_999);

        Assert.Equal("2.5", fields.GetProperty("guidance").GetRawText());
        Assert.Equal("999999999999999", fields.GetProperty("seed").GetRawText());
        Assert.Equal("20", fields.GetProperty("steps").GetRawText());
        Assert.Equal("0.75", fields.GetProperty("strength").GetRawText());
        Assert.Equal("1.5", fields.GetProperty("scale").GetRawText());
        Assert.Equal("-3.25", fields.GetProperty("margin").GetRawText());
    }

    [Theory]
    [InlineData("Change '1000$' to '5$'")]
    [InlineData("Replace \"SALE\" with \"SOLD\"")]
    [InlineData("把“深圳”改成“上海”，保持字体不变")]
    [InlineData("back\\slash, tab\t, new\r\nline, nul\0")]
    [InlineData("</script>&amp;+%20 🎨 e\u0301")]
    public void A_prompt_arrives_as_it_was_written(string prompt) =>
        Assert.Equal(prompt, Parsed(Request with { Prompt = prompt }).GetProperty("prompt").GetString());

    [Theory]
    [InlineData(ImageFormat.Png, "png")]
    [InlineData(ImageFormat.Jpeg, "jpeg")]
    [InlineData(ImageFormat.Webp, "webp")]
    public void A_format_has_the_services_name(ImageFormat format, string name) =>
        Assert.Equal(name, Parsed(Request with { ImageFormat = format }).GetProperty("image_format").GetString());

    public static TheoryData<string, object?, string> Values => new()
    {
        { "null", null, "null" },
        { "text", "a \"b\"", "\"a \\u0022b\\u0022\"" },
        { "true", true, "true" },
        { "byte", (byte)200, "200" },
        { "long", long.MinValue, "-9223372036854775808" },
        { "unsigned long", ulong.MaxValue, "18446744073709551615" },
        { "decimal", 0.1m, "0.1" },
        { "list", new object?[] { 1, "two", null, 3.5 }, "[1,\"two\",null,3.5]" },
        { "empty list", Array.Empty<object>(), "[]" },
        { "hashtable", new Hashtable { ["on"] = true }, "{\"on\":true}" },
        { "nested", new Hashtable { ["loras"] = new object[] { new Hashtable { ["scale"] = 0.5 } } }, "{\"loras\":[{\"scale\":0.5}]}" },
        { "keys that are no text", new Hashtable { [7] = 1 }, "{\"7\":1}" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void An_additional_parameter_keeps_its_kind(string kind, object? value, string json)
    {
        EditRequest request = With("extra", value);
        Assert.True(json == Parsed(request).GetProperty("extra").GetRawText(), $"{kind}: {Written(request)}");
    }

    [Fact]
    public void The_order_of_additional_parameters_is_none_of_their_values()
    {
        string[] names = ["delta", "alpha", "Beta", "gamma", "10", "9"];
        Dictionary<string, object?> Make(IEnumerable<string> order) => order.ToDictionary(
            name => name,
            name => (object?)new object[] { new Dictionary<string, object?>(order.Select(inner => KeyValuePair.Create(inner, (object?)$"{name} {inner}"))) });

        string one = Written(Request with { AdditionalParameters = Make(names) });

        Assert.Equal(one, Written(Request with { AdditionalParameters = Make(names.Reverse()) }));
        Assert.Contains("\"10\":[{\"10\":\"10 10\",\"9\":\"10 9\",\"Beta\":\"10 Beta\",\"alpha\":\"10 alpha\"", one, StringComparison.Ordinal);
    }

    [Fact]
    public void The_order_of_a_list_is_part_of_its_value() =>
        Assert.NotEqual(Written(With("extra", new object[] { 1, 2 })), Written(With("extra", new object[] { 2, 1 })));

    public static TheoryData<object, object, bool> Pairs => new()
    {
        { 2, 2.0, true },
        { 2, 2.00m, true },
        { 2.5f, 2.50m, true },
        { 0.1, 0.1m, true },
        { 2, "2", false },
        { true, "true", false },
        { 0.1, 0.1000000000000001, false },
        { 12345678.9, 12345678.900000002, false },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void The_same_number_is_written_the_same_whatever_its_type_and_a_text_is_none(object one, object other, bool areSame) =>
        Assert.Equal(areSame, Written(With("extra", one)) == Written(With("extra", other)));

    public static TheoryData<string, object?> Unsendable => new()
    {
        { "image", "https://example.com/a.png" },
        { "prompt", "another" },
        { "steps", 9 },
        { "guidance", 2 },
        { "seed", 1 },
        { "image_format", "png" },
        { "quality", 80 },
        { "base64", true },
        { "extra", double.NaN },
        { "extra", double.NegativeInfinity },
        { "extra", float.PositiveInfinity },
        { "extra", new Hashtable { [1] = "number", ["1"] = "text" } },
        { "extra", new object() },
        { "extra", new DateTime(2026, 10, 1, 0, 0, 0, DateTimeKind.Utc) },
        { "extra", new Hashtable { ["deep"] = new object[] { 1, float.NaN } } },
    };

    [Theory]
    [MemberData(nameof(Unsendable))]
    public void What_can_not_be_sent_is_refused_by_name(string name, object? value)
    {
        QwenEditException failure = Assert.Throws<QwenEditException>(() => EditFields.Of(With(name, value)));
        Assert.Equal(EditError.InvalidAdditionalParameter, failure.Error);
        Assert.Contains($"'{name}'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_that_holds_itself_is_refused()
    {
        Hashtable table = new();
        table["self"] = table;
        Assert.Equal(
            EditError.InvalidAdditionalParameter,
            Assert.Throws<QwenEditException>(() => EditFields.Of(With("extra", table))).Error);
    }

    private static EditRequest With(string name, object? value) =>
        Request with { AdditionalParameters = new Dictionary<string, object?> { [name] = value } };

    private static string Written(EditRequest request) => EditFields.Of(request).Text;

    private static JsonElement Parsed(EditRequest request, long? seed = null)
    {
        using JsonDocument document = JsonDocument.Parse(EditFields.Of(request).With(seed ?? request.Seed));
        return document.RootElement.Clone();
    }
}
