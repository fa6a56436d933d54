using System.Text;
using QwenEdit.Segmind.Contracts;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Segmind.Contracts;

/// <summary>What is read is tolerant: every field but the status may be missing, and there may be others.</summary>
public sealed class JobParserTests
{
    private const string Url = "https://images.segmind.com/outputs/a.png";

    private static readonly string Base64 = Convert.ToBase64String(TestImages.Png);

    [Fact]
    public void A_completed_body_is_read_whole()
    {
        JobReport report = Read($$"""
            {"status": "COMPLETED", "request_id": "id-1", "output": "{{Url}}",
             "images": [{"url": "{{Url}}", "content_type": "image/png", "file_name": "a.png", "file_size": 1234}],
             "seed": 999999999999999, "prompt": "x", "metrics": {"cost": 0.0125, "remaining_credits": 12.3,
             "inference_time": 4.5, "queue_time": 0.25, "total_time": 4.75, "retry_count": 1} }
            """);

        Assert.Equal(EditState.Completed, report.State);
        Assert.Equal("COMPLETED", report.StateName);
        Assert.Equal(0.0125m, report.Cost);
        Assert.Equal(12.3m, report.RemainingCredits);
        Assert.Equal(4.5, report.InferenceSeconds);
        Assert.Equal(0.25, report.QueueSeconds);
        Assert.Equal(999_999_999_999_999, report.Seed);
        Assert.Equal(new Uri(Url), report.Output?.Url);
        Assert.Null(report.Error);
    }

    [Theory]
    [InlineData("QUEUED", EditState.Queued)]
    [InlineData("PROCESSING", EditState.Processing)]
    [InlineData("COMPLETED", EditState.Completed)]
    [InlineData("completed", EditState.Completed)]
    [InlineData("FAILED", EditState.Failed)]
    [InlineData("WARMING_UP", EditState.Processing)]
    [InlineData("", EditState.Processing)]
    public void An_unknown_state_is_a_running_one(string name, EditState state) =>
        Assert.Equal(state, Read($$"""{"status": "{{name}}", "something": {"new": [1, 2]} }""").State);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"status": null}""")]
    [InlineData("""{"status": 7, "metrics": [], "images": {}, "output": 5, "seed": [], "error": null}""")]
    [InlineData("""{"status": "PROCESSING", "metrics": null, "images": [], "output": null, "seed": null}""")]
    [InlineData("""{"metrics": {"cost": null, "queue_time": {}, "inference_time": "soon"}, "images": [null], "output": []}""")]
    [InlineData("""{"metrics": {"cost": "NaN", "remaining_credits": "Infinity"}, "seed": "1e300"}""")]
    [InlineData("""{"metrics": {"cost": 1e300, "remaining_credits": -1e300}, "seed": -1e300}""")]
    public void Nothing_that_is_missing_or_odd_breaks_the_reading(string body)
    {
        JobReport report = Read(body);
        Assert.Equal(EditState.Processing, report.State);
        Assert.Null(report.Output);
        Assert.Null(report.Cost);
        Assert.Null(report.Seed);
    }

    [Fact]
    public void Numbers_may_come_as_text()
    {
        JobReport report = Read("""
            {"seed": "42", "metrics": {"cost": "0.0125", "remaining_credits": " 12.30 ", "queue_time": "1e-1", "inference_time": "4"}}
            """);
        Assert.Equal((42, 0.0125m, 12.3m), (report.Seed, report.Cost, report.RemainingCredits));
        Assert.Equal((0.1, 4), (report.QueueSeconds, report.InferenceSeconds));
    }

    [Theory]
    [InlineData($$"""{"output": "{{Url}}"}""")]
    [InlineData($$"""{"images": [{"url": "{{Url}}"}]}""")]
    [InlineData($$"""{"images": ["{{Url}}"]}""")]
    [InlineData($$"""{"output": ["{{Url}}", "https://images.segmind.com/second.png"]}""")]
    [InlineData($$"""{"output": null, "images": [{"url": "{{Url}}", "file_size": null}]}""")]
    [InlineData($$"""{"output": "", "images": [{"url": "{{Url}}"}]}""")]
    [InlineData($$"""{"output": [], "images": [{"url": "{{Url}}"}]}""")]
    [InlineData($$"""{"output": {}, "images": [{"url": "{{Url}}"}]}""")]
    [InlineData($$"""{"output": {"size": [1184, 896]}, "images": [{"url": "{{Url}}"}]}""")]
    [InlineData($$"""{"output": {"url": "{{Url}}"} }""")]
    [InlineData($$"""{"output": "/outputs/a.png", "images": [{"url": "{{Url}}"}]}""")]
    [InlineData($$"""{"output": "outputs/aaaa", "images": [{"url": "{{Url}}"}]}""")]
    [InlineData($$"""{"output": "success+", "images": [{"url": "{{Url}}"}]}""")]
    [InlineData($$"""{"output": ["done", "{{Url}}"]}""")]
    [InlineData($$"""{"output": true, "images": [null, "", {"url": "done"}, {"url": "{{Url}}"}]}""")]
    [InlineData($$"""{"output": "data:image/png;base64,Zm9v", "images": [{"url": "{{Url}}"}], "error": null, "timings": {} }""")]
    [InlineData("""{"output": "https:\/\/images.segmind.com\/outputs\/a.png"}""")]
    public void Output_alone_or_images_alone_must_do(string body) => Assert.Equal(new Uri(Url), Read(body).Output?.Url);

    [Theory]
    [InlineData($$"""{"image": "{{Url}}"}""")]
    [InlineData($$"""{"image": ["{{Url}}"]}""")]
    [InlineData($$"""{"image": [{"url": "{{Url}}"}]}""")]
    [InlineData($$"""{"image": {"url": "{{Url}}"} }""")]
    [InlineData($$"""{"image_url": "{{Url}}"}""")]
    [InlineData($$"""{"image": null, "image_url": "{{Url}}"}""")]
    [InlineData($$"""{"image": "", "output": "{{Url}}"}""")]
    [InlineData($$"""{"image": {}, "output": [], "images": [{"url": "{{Url}}"}]}""")]
    public void A_synchronous_answer_names_its_image_in_many_ways(string body) =>
        Assert.Equal(new Uri(Url), JobParser.Image(Encoding.UTF8.GetBytes(body))?.Url);

    [Fact]
    public void A_synchronous_answer_may_hold_its_image_in_an_object() => Assert.Equal(
        TestImages.Png, JobParser.Image(Encoding.UTF8.GetBytes($$"""{"image": {"base64": "{{Base64}}"} }"""))?.Bytes);

    [Fact]
    public void The_source_image_that_a_result_repeats_is_not_its_output() =>
        Assert.Null(Read($$"""{"status": "COMPLETED", "image": "{{Url}}"}""").Output);

    [Theory]
    [InlineData("-100")]
    [InlineData("-0.0001")]
    [InlineData("\"-5\"")]
    [InlineData("1000000")]
    [InlineData("1e999")]
    public void A_cost_below_zero_or_absurd_is_no_cost(string cost) => Assert.Null(Read($$"""{"metrics": {"cost": {{cost}} } }""").Cost);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("0.0364", 0.0364)]
    [InlineData("12", 12)]
    public void A_cost_that_may_be_is_one(string cost, double expected) => Assert.Equal((decimal)expected, Read($$"""{"metrics": {"cost": {{cost}} } }""").Cost);

    [Fact]
    public void An_output_may_be_base64() => AssertBytes($$"""{"output": "{{Base64}}"}""");

    [Fact]
    public void Base64_may_come_with_escaped_slashes() =>
        AssertBytes($$"""{"output": "{{Base64.Replace("/", "\\/", StringComparison.Ordinal)}}"}""");

    [Fact]
    public void Base64_may_come_in_lines() => AssertBytes($$"""{"output": "{{Base64[..40]}}\n{{Base64[40..]}}\n"}""");

    [Theory]
    [InlineData("data:image/png;base64,")]
    [InlineData("DATA:;base64,")]
    public void An_output_may_be_a_data_URI(string start) => AssertBytes($$"""{"output": "{{start}}{{Base64}}"}""");

    [Fact]
    public void Images_may_hold_base64_too() => AssertBytes($$"""{"images": [{"url": "{{Base64}}"}]}""");

    [Theory]
    [InlineData("")]
    [InlineData("data:image/png;base64")]
    [InlineData("data:image/png;base64,%%%")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://images.segmind.com/a.png")]
    [InlineData("/outputs/a.png")]
    [InlineData("not an address!")]
    [InlineData("done")]
    [InlineData("outputs/2026/aaaaaaa")]
    public void What_is_no_image_is_no_output(string output) => Assert.Null(Read($$"""{"output": "{{output}}"}""").Output);

    private static void AssertBytes(string body)
    {
        JobOutput? output = Read(body).Output;
        Assert.NotNull(output);
        Assert.Null(output.Url);
        Assert.Equal(TestImages.Png, output.Bytes);
    }

    private static JobReport Read(string body) => JobParser.Report(Encoding.UTF8.GetBytes(body));
}
