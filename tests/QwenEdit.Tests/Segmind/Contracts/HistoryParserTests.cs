using System.Text;
using QwenEdit.Commands.Parameters;
using QwenEdit.Segmind.Contracts;

namespace QwenEdit.Tests.Segmind.Contracts;

/// <summary>What is not documented of the request history may be any way.</summary>
public sealed class HistoryParserTests
{
    private const string Row = """{"request_id": "id-1", "model_name": "m", "model_status": "COMPLETED"}""";

    private readonly HistoryParser _reader = new(image => new HistoryImage { Hash = Convert.ToHexString(image) });

    [Fact]
    public void A_row_is_read_whole()
    {
        HistoryRow row = Assert.Single(List("""
            {"data": [{"request_id": "id-1", "model_name": "qwen-image-edit-fast", "model_status": "COMPLETED", "credits_deduction": 0.0125,
              "model_created": "2026-10-01T12:00:00Z", "latency_ms": 8000, "generation_url": "https://images.segmind.com/a.png",
              "request_body": {"prompt": "x", "seed": 7, "image": "data:image/png;base64,AQID"} }]}
            """));

        Assert.Equal(("id-1", "qwen-image-edit-fast", EditState.Completed, 0.0125m), (row.RequestId, row.Model, row.State, row.Cost));
        Assert.Equal((new DateTimeOffset(2026, 10, 1, 12, 0, 0, TimeSpan.Zero), TimeSpan.FromSeconds(8)), (row.Created, row.Latency));
        Assert.Equal(new Uri("https://images.segmind.com/a.png"), row.OutputUrl);
        Assert.Equal(["prompt", "seed"], row.Fields!.Keys);
        Assert.Equal("010203", row.Image!.Hash);
    }

    [Theory]
    [InlineData($$"""{"data": [{{Row}}], "page": 1}""")]
    [InlineData($$"""{"filters": [], "requests": [{{Row}}], "errors": []}""")]
    [InlineData($$"""{"result": {"history": {"items": [{{Row}}]} } }""")]
    [InlineData($$"""{"models": ["m"], "rows": [{{Row}}]}""")]
    [InlineData($$"""[{{Row}}]""")]
    public void The_list_is_found_wherever_it_stands(string body) => Assert.Equal("id-1", Assert.Single(List(body)).RequestId);

    [Fact]
    public void An_empty_list_is_one() => Assert.Empty(List("""{"data": [], "total": 0}"""));

    [Theory]
    [InlineData("""{"status": "ok"}""")]
    [InlineData("""{"models": ["m"]}""")]
    [InlineData("<html><title>Sign in</title></html>")]
    [InlineData("")]
    public void Without_a_list_it_is_no_history(string body) =>
        Assert.Equal(EditError.UnexpectedAnswer, Assert.Throws<QwenEditException>(() => List(body)).Error);

    [Fact]
    public void A_request_with_several_outputs_is_one_request() => Assert.Single(List($$"""{"data": [{{Row}}, {{Row}}]}"""));

    [Theory]
    [InlineData("\"model_created\": \"2026-10-01T12:00:00.000Z\"")]
    [InlineData("\"created_at\": \"2026-10-01T14:00:00+02:00\"")]
    [InlineData("\"createdAt\": \"2026-10-01 12:00:00\"")]
    [InlineData("\"timestamp\": \"Thu, 01 Oct 2026 12:00:00 GMT\"")]
    [InlineData("\"created\": 1790856000")]
    [InlineData("\"created\": \"1790856000000\"")]
    [InlineData("\"request_creation_time\": \"2026-10-01T12:00:00\"")]
    [InlineData("\"updated_at\": \"2026-10-01T13:00:00Z\", \"created\": null, \"created_at\": \"2026-10-01T12:00:00Z\"")]
    public void The_time_is_found_by_its_likely_names_and_in_any_form(string field) =>
        Assert.Equal(new DateTimeOffset(2026, 10, 1, 12, 0, 0, TimeSpan.Zero), Assert.Single(List($$"""{"data": [{"request_id": "a", {{field}} }]}""")).Created);

    [Theory]
    [InlineData("\"updated_at\": \"2026-10-01T13:00:00Z\"")]
    [InlineData("\"model_created\": \"yesterday\"")]
    [InlineData("\"created\": 12")]
    public void Another_time_is_not_taken_for_it(string field) =>
        Assert.Null(Assert.Single(List($$"""{"data": [{"request_id": "a", {{field}} }]}""")).Created);

    [Fact]
    public void The_body_may_be_JSON_in_a_text()
    {
        HistoryRow row = Assert.Single(List("""{"data": [{"request_id": "a", "request_body": "{\"prompt\": \"x\", \"image\": \"AQID\"}"}]}"""));

        Assert.Equal("x", row.Fields!["prompt"].Plain);
        Assert.Equal("010203", row.Image!.Hash);
    }

    [Theory]
    [InlineData("""{"request_id": "a"}""")]
    [InlineData("""{"request_id": "a", "request_body": null}""")]
    [InlineData("""{"request_id": "a", "request_body": "{\"prompt\": \"x\", \"image\": \"AQI"}""")]
    [InlineData("""{"request_id": "a", "request_body": 5, "credits_deduction": {}, "latency_ms": "long", "generation_url": 7, "model_status": null}""")]
    public void What_is_not_kept_or_odd_is_missing(string row)
    {
        HistoryRow read = Assert.Single(List($$"""{"data": [{{row}}]}"""));

        Assert.Null(read.Fields);
        Assert.Null(read.Image);
        Assert.Null(read.Cost);
        Assert.Null(read.OutputUrl);
        Assert.Equal(EditState.Processing, read.State);
    }

    [Theory]
    [InlineData("AQI")]
    [InlineData("data:image/png;base64,AQID…")]
    [InlineData("<image, 12345 bytes>")]
    public void An_image_that_can_not_be_read_is_there_but_tells_nothing(string image) =>
        Assert.Equal(new HistoryImage(), Assert.Single(List($$$"""{"data": [{"request_id": "a", "request_body": {"image": "{{{image}}}"} }]}""")).Image);

    [Theory]
    [InlineData("0.0125")]
    [InlineData("\"0.0125\"")]
    public void The_cost_may_be_a_text(string cost) =>
        Assert.Equal(0.0125m, Assert.Single(List($$"""{"data": [{"request_id": "a", "credits_deduction": {{cost}} }]}""")).Cost);

    [Theory]
    [InlineData("-0.5")]
    [InlineData("1e9")]
    public void A_cost_below_zero_or_absurd_is_no_cost(string cost) =>
        Assert.Null(Assert.Single(List($$"""{"data": [{"request_id": "a", "credits_deduction": {{cost}} }]}""")).Cost);

    [Fact]
    public void One_request_is_the_same_dashed_or_not_and_in_any_case() => Assert.Equal(
        "0B0E7A7E00004000800000000000000A",
        _reader.Single("""{"data": [{"request_id": "0B0E7A7E00004000800000000000000A"}]}"""u8.ToArray(), "0b0e7a7e-0000-4000-8000-00000000000a")?.RequestId);

    [Fact]
    public void A_request_whose_outputs_name_it_in_two_ways_is_one_request() => Assert.Single(List("""
        {"data": [{"request_id": "0B0E7A7E00004000800000000000000A"}, {"request_id": "0b0e7a7e-0000-4000-8000-00000000000a"}]}
        """));

    [Theory]
    [InlineData(Row)]
    [InlineData($$"""{"data": {{Row}} }""")]
    [InlineData($$"""{"data": [{{Row}}]}""")]
    public void One_request_is_found_wherever_it_stands(string body) => Assert.Equal("id-1", _reader.Single(Encoding.UTF8.GetBytes(body), "id-1")?.RequestId);

    [Fact]
    public void Another_request_is_not_the_one() => Assert.Null(_reader.Single(Encoding.UTF8.GetBytes(Row), "id-2"));

    private IReadOnlyList<HistoryRow> List(string body) => _reader.List(Encoding.UTF8.GetBytes(body));
}
