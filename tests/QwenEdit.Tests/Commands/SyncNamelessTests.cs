using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>Synchronous answers that name no request id, or an address in place of the image: what the emulator never answers.</summary>
public sealed class SyncNamelessTests : CommandTest
{
    // A GIF, as far as its signature says.
    private const string Image = "GIF89a and whatever follows";

    protected override IReadOnlyList<string> Images { get; } = ["a.png"];

    [Fact]
    public async Task A_whole_image_without_a_request_id_is_received_and_known_by_its_file()
    {
        await using RawServer server = RawServer.Answering(new RawAnswer(200, Image, "image/gif", ("x-cost", "0.02")));

        ScriptRun run = (await EditAsync(server)).WithoutErrors();
        ScriptRun again = (await EditAsync(server)).WithoutErrors();

        Assert.Equal(("Received", ""), (run.Text(0, "Status"), run.Text(0, "RequestId")));
        Assert.Equal(0.02m, run.Output[0].Properties["Cost"].Value);
        Assert.Equal("Skipped", again.Text(0, "Status"));
        Assert.Equal(0.02m, (await RunAsync("Get-QwenEditJob -Path a.png")).Output[0].Properties["Cost"].Value);
        Assert.Equal(Image, await File.ReadAllTextAsync(Folder["a-edited.png"]));
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("-100")]
    [InlineData("1e9")]
    public async Task A_cost_below_zero_or_absurd_is_no_cost(string cost)
    {
        await using RawServer server = RawServer.Answering(new RawAnswer(200, Image, "image/gif", ("x-cost", cost)));

        ScriptRun run = (await EditAsync(server)).WithoutErrors();

        Assert.Equal("Received", run.Text(0, "Status"));
        Assert.Null(run.Output[0].Properties["Cost"].Value);
    }

    [Theory]
    [InlineData(Image, "image/gif", 12)]
    [InlineData("no image at all", "image/png", null)]
    [InlineData("""{"message": "done"}""", "application/json", null)]
    public async Task An_image_that_does_not_arrive_and_has_no_request_id_is_unknown_and_not_paid_again(string body, string contentType, int? bytes)
    {
        await using RawServer server = new(async (request, connection) =>
        {
            await connection.ReadBodyAsync(request);
            await connection.AnswerAsync(new RawAnswer(200, body, contentType), bytes);
            connection.Close();
        });

        (await EditAsync(server)).SingleError(EditError.OutcomeUnknown);
        ScriptRun again = await EditAsync(server);

        again.SingleError(EditError.OutcomeUnknown);
        Assert.Single(server.Requests);
        Assert.Equal(["a.png"], Folder.Files);
    }

    [Fact]
    public async Task An_address_in_place_of_the_image_is_in_the_journal_before_it_is_downloaded()
    {
        int downloads = 0;
        RawServer? server = null;
        server = new RawServer(async (request, connection) =>
        {
            await connection.ReadBodyAsync(request);
            if (request.Method == "POST")
            {
                await connection.AnswerAsync(new RawAnswer(200, $$"""{"image": "{{server!.Url}}a.gif"}"""));
                return;
            }

            Interlocked.Increment(ref downloads);
            await connection.AnswerAsync(downloads == 1 ? RawAnswer.Page(503) : new RawAnswer(200, Image, "image/gif"));
        });
        await using RawServer serving = server;

        (await EditAsync(server, "-MaximumRetryCount 0")).SingleError(EditError.OutputInvalid);
        ScriptRun again = (await EditAsync(server)).WithoutErrors();

        Assert.Equal("Resumed", again.Text(0, "Status"));
        Assert.Equal(1, server.Requests.Count(request => request.Method == "POST"));
        Assert.DoesNotContain(server.Requests, request => request.Method == "GET" && request.Headers.ContainsKey("x-api-key"));
        Assert.Equal(Image, await File.ReadAllTextAsync(Folder["a-edited.png"]));
    }

    private Task<ScriptRun> EditAsync(RawServer server, string parameters = "") =>
        RunAsync($"Invoke-QwenImageEdit a.png 'Make it red' -Transport Sync -Endpoint {server.Url} {parameters}");
}
