using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using QwenEdit.Emulator;

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
        { "seed", "-2" }, { "seed", "1000000000000000" }, { "image_format", "\"gif\"" }, { "image_format", "\"PNG\"" },
        { "quality", "9" }, { "quality", "101" }, { "base64", "\"true\"" },
    };

    [Theory, MemberData(nameof(InRange))]
    public async Task Values_in_range_are_accepted(string name, string value) =>
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(Model, Body("x", (name, JsonNode.Parse(value))))).Status);

    [Theory, MemberData(nameof(OutOfRange))]
    public async Task Values_out_of_range_are_406_and_named(string name, string value)
    {
        var answer = await PostAsync(Model, Body("x", (name, JsonNode.Parse(value))));

        answer.Is(HttpStatusCode.NotAcceptable, $"Invalid value for {name}");
        Assert.Empty(Service.Ledger.Jobs);
    }

    [Theory, MemberData(nameof(OutOfRange))]
    public async Task Or_they_are_accepted_and_the_job_fails(string name, string value)
    {
        await StartAsync(new EmulatorOptions { InvalidValues = InvalidValues.Fail });

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
    public async Task A_missing_field_is_400_and_named(string name)
    {
        var body = Body();
        body.Remove(name);

        (await PostAsync(Model, body)).Is(HttpStatusCode.BadRequest, name);
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

    [Fact]
    public async Task A_URL_on_this_machine_is_fetched()
    {
        await using var other = await SegmindEmulator.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(other.Endpoint, "/upload-asset"));
        request.Headers.Add("x-api-key", other.ApiKey);
        request.Content = new StringContent($$"""{"data_urls": ["{{TestImages.DataUri}}"]}""");
        using var response = await Http.SendAsync(request, Soon);
        var url = JsonNode.Parse(await response.Content.ReadAsStringAsync(Soon))!["file_urls"]![0]!.GetValue<string>();

        var completed = await EditAsync("x", ("image", url));

        Assert.Equal(TestImages.Png, (await DownloadAsync(completed)).Bytes);
    }

    [Fact]
    public async Task A_URL_elsewhere_is_not_fetched_and_the_job_fails() =>
        (await EditAsync("x", ("image", "https://example.com/a.png"))).Is(HttpStatusCode.UnprocessableEntity, "from this machine only");

    [Theory]
    [InlineData("not base64!")]
    [InlineData("data:image/png;base64,????")]
    [InlineData("data:image/png,raw")]
    public async Task An_image_that_is_neither_is_400(string image) =>
        (await PostAsync(Model, Body("x", ("image", image)))).Is(HttpStatusCode.BadRequest, "Invalid image");

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
