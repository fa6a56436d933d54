using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using QwenEdit.Emulator;
using QwenEdit.Emulator.Records;
using QwenEdit.Imaging;

namespace QwenEdit.Tests.Emulation;

/// <summary>segmind-api.md, Model: the request body.</summary>
public sealed class ParameterTests : EmulatorTest
{
    public static TheoryData<string, string> InRange => new()
    {
        { "steps", "1" }, { "steps", "20" }, { "guidance", "1" }, { "guidance", "2.5" }, { "guidance", "25" },
        { "seed", "-1" }, { "seed", "0" }, { "seed", "999999999999999" },
        { "image_format", "\"png\"" }, { "image_format", "\"jpeg\"" }, { "image_format", "\"webp\"" },
        { "quality", "10" }, { "quality", "100" }, { "base64", "true" }, { "base64", "false" }, { "something_new", "[1]" },
    };

    public static TheoryData<string, string> OutOfRange => new()
    {
        { "steps", "0" }, { "steps", "21" }, { "steps", "1.5" }, { "steps", "\"8\"" }, { "guidance", "0.9" }, { "guidance", "26" },
        { "seed", "-2" }, { "seed", "1000000000000000" }, { "quality", "9" }, { "quality", "101" }, { "base64", "\"true\"" },
    };

    public static TheoryData<string, string> Unlisted => new() { { "image_format", "\"gif\"" }, { "image_format", "\"PNG\"" }, { "image_format", "5" } };

    public static TheoryData<string?, string> UnusableImages => new()
    {
        { "not base64!", "Invalid image" }, { "data:image/png;base64,????", "Invalid image" }, { "data:image/png,raw", "Invalid image" },
        { "data:image/png;base64," + new string('?', 200), "Invalid image" }, { "", "Invalid value for image" }, { null, "Missing required field: image" },
    };

    private static EmulatorOptions Strict { get; } = new() { InvalidValues = InvalidValues.Refuse };

    [Theory, MemberData(nameof(InRange))]
    public async Task Values_in_range_are_accepted(string name, string value) =>
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(Model, Body("x", (name, JsonNode.Parse(value))))).Status);

    [Theory, MemberData(nameof(OutOfRange)), MemberData(nameof(Unlisted))]
    public async Task The_strict_way_refuses_values_out_of_range_and_names_them(string name, string value)
    {
        await StartAsync(Strict);

        var answer = await PostAsync(Model, Body("x", (name, JsonNode.Parse(value))));

        answer.Is(HttpStatusCode.NotAcceptable, $"Invalid value for {name}");
        Assert.Empty(Service.Ledger.Jobs);
    }

    [Theory, MemberData(nameof(Unlisted))]
    public async Task A_value_of_a_fixed_set_is_checked_before_anything_is_accepted(string name, string value)
    {
        (await PostAsync(Model, Body("x", (name, JsonNode.Parse(value))))).Is(HttpStatusCode.NotAcceptable, "one of png, jpeg, webp");
        Assert.Empty(Service.Ledger.Jobs);
    }

    [Theory, MemberData(nameof(OutOfRange))]
    public async Task Any_other_value_is_accepted_and_the_job_fails(string name, string value)
    {
        var failed = await EditAsync("x", (name, JsonNode.Parse(value)));

        failed.Is(HttpStatusCode.UnprocessableEntity, $"Invalid value for {name}");
        Assert.Equal("FAILED", failed.Text("status"));
        Assert.Equal(0, Service.Ledger.Billed);
    }

    [Fact]
    public async Task The_defaults_are_the_documented_ones()
    {
        await SubmitAsync();

        var job = Assert.Single(Service.Ledger.Jobs);
        Assert.Equal((8, 1.0, 760941192L, "png", 90, false), (job.Steps, job.Guidance, job.Seed, job.ImageFormat, job.Quality, job.Base64));
    }

    [Fact]
    public async Task Seed_minus_1_is_random_and_the_used_one_is_reported()
    {
        var first = await EditAsync("x", ("seed", -1));
        var second = await EditAsync("x", ("seed", -1));

        Assert.NotEqual(first.Json["seed"]!.GetValue<long>(), second.Json["seed"]!.GetValue<long>());
        Assert.InRange(first.Json["seed"]!.GetValue<long>(), 0, 999999999999999);
    }

    [Theory]
    [InlineData("image")]
    [InlineData("prompt")]
    public async Task A_missing_field_is_accepted_and_the_job_fails(string name)
    {
        var body = Body();
        body.Remove(name);
        var submitted = await PostAsync(Model, body);

        var failed = await FinishAsync(submitted.Text("request_id"));

        failed.Is(HttpStatusCode.UnprocessableEntity, $"Missing required field: {name}");
        Assert.Equal(0, Service.Ledger.Billed);
        Assert.Equal("FAILED", (await HistoryAsync($"request-history/{submitted.Text("request_id")}")).Text("model_status"));
    }

    [Theory]
    [InlineData("image")]
    [InlineData("prompt")]
    public async Task The_strict_way_refuses_a_missing_field_and_names_it(string name)
    {
        await StartAsync(Strict);
        var body = Body();
        body.Remove(name);

        (await PostAsync(Model, body)).Is(HttpStatusCode.BadRequest, name);
        Assert.Empty(Service.Ledger.Jobs);
    }

    [Fact]
    public async Task A_data_URI_bare_base64_and_a_URL_all_name_the_same_image()
    {
        var asset = await PostAsync("/upload-asset", new JsonObject { ["data_urls"] = new JsonArray(TestImages.DataUri) });
        var url = asset.Json["file_urls"]![0]!.GetValue<string>();

        await EditAsync("data URI");
        await EditAsync("base64", ("image", Convert.ToBase64String(TestImages.Png)));
        await EditAsync("URL", ("image", url));

        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(TestImages.Png));
        Assert.All(Service.Ledger.Jobs, job => Assert.Equal(hash, job.ImageSha256));
    }

    [Theory, MemberData(nameof(UnusableImages))]
    public async Task An_unusable_image_is_accepted_and_the_job_fails(string? image, string error) =>
        (await EditAsync("x", ("image", image))).Is(HttpStatusCode.UnprocessableEntity, error);

    [Theory, MemberData(nameof(UnusableImages))]
    public async Task The_strict_way_refuses_an_unusable_image(string? image, string error)
    {
        await StartAsync(Strict);

        (await PostAsync(Model, Body("x", ("image", image)))).Is(HttpStatusCode.BadRequest, error);
        Assert.Empty(Service.Ledger.Jobs);
    }

    [Fact]
    public async Task A_long_inline_image_with_JSON_escapes_arrives_as_it_was()
    {
        // As System.Text.Json (+ becomes \u002B) and PHP (/ becomes \/) write it, with a field before and after.
        var image = TestImages.Bytes(300_001);
        var base64 = Convert.ToBase64String(image).Replace("+", "\\u002B", StringComparison.Ordinal).Replace("/", "\\/", StringComparison.Ordinal);
        var json = $$"""{"prompt": "say \"image\"", "image": "data:image\/png;base64,{{base64}}", "seed": 7}""";
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Service.Endpoint, Model));
        request.Headers.Add("x-api-key", Service.ApiKey);
        request.Content = new StringContent(json, Encoding.UTF8, "application/json");

        using var response = await Http.SendAsync(request, Soon);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var job = Assert.Single(Service.Ledger.Jobs);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(image)), job.ImageSha256);
        Assert.Equal("say \"image\"", job.Prompt);
        Assert.Equal(7, job.Seed);
    }
}
