using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.History;
using QwenEdit.Emulator.Records;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>-Upload Storage: the image goes to the service's storage first, and the edit names its URL.</summary>
public sealed class StorageTests : CommandTest
{
    private const string Edit = "Invoke-QwenImageEdit a.png 'Make it red' -Upload Storage";

    protected override IReadOnlyList<string> Images { get; } = ["a.png"];

    [Theory]
    [InlineData("Async", ApiRoute.Submit)]
    [InlineData("Sync", ApiRoute.Sync)]
    public async Task An_image_is_uploaded_and_then_edited_by_its_URL(string transport, ApiRoute route)
    {
        ScriptRun run = (await RunAsync($"{Edit} -Transport {transport}")).WithoutErrors();

        Assert.Equal("Received", run.Text(0, "Status"));
        Assert.Equal([ApiRoute.Upload, route], Emulator.Ledger.Requests.Take(2).Select(request => request.Route));
        Assert.True(Emulator.Ledger.Requests[1].Bytes < 1000, "The image was sent in the request, too.");
        Assert.Equal(await File.ReadAllBytesAsync(Folder["a.png"]), await File.ReadAllBytesAsync(Folder["a-edited.png"]));
        Assert.Contains("public", Assert.Single(run.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_image_gets_there_whole()
    {
        byte[] large = TestImages.WholePng(30 * 1024 * 1024);
        Folder.File("large.png", large);

        ScriptRun run = (await RunAsync("Submit-QwenImageEdit large.png 'Make it red' -Upload Storage | Receive-QwenEditResult -Wait")).WithoutErrors();

        Assert.Equal("Received", run.Text(0, "Status"));
        Assert.Equal(large, await File.ReadAllBytesAsync(Folder["large-edited.png"]));
    }

    [Fact]
    public async Task That_it_is_public_is_said_once_a_call_and_only_where_something_is_uploaded()
    {
        Folder.Images("b.png", "c.png");

        ScriptRun several = (await RunAsync("Invoke-QwenImageEdit ?.png 'Make it red' -Upload Storage")).WithoutErrors();
        ScriptRun remote = await RunAsync("Invoke-QwenImageEdit -Uri https://example.invalid/d.png 'Make it red' -Upload Storage -ErrorAction Ignore");
        ScriptRun whatIf = (await RunAsync("Invoke-QwenImageEdit ?.png 'Make it blue' -Upload Storage -DestinationPath blue -WhatIf")).WithoutErrors();
        ScriptRun measured = (await RunAsync("Measure-QwenImageEdit ?.png 'Make it blue' -DestinationPath blue -Upload Storage")).WithoutErrors();

        Assert.Single(several.Warnings);
        Assert.Empty(remote.Warnings);
        Assert.Empty(whatIf.Warnings);
        Assert.Empty(measured.Warnings);
        Assert.Equal(3, Emulator.Ledger.RequestsOn(ApiRoute.Upload).Count);
    }

    [Fact]
    public async Task An_edit_is_the_same_either_way()
    {
        (await RunAsync(Edit)).WithoutErrors();
        int requests = Emulator.Ledger.Requests.Count;

        Assert.Equal("Skipped", (await RunAsync("Invoke-QwenImageEdit a.png 'Make it red'")).WithoutErrors().Text(0, "Status"));
        Assert.Equal("Skipped", (await RunAsync(Edit)).WithoutErrors().Text(0, "Status"));

        Assert.Equal(requests, Emulator.Ledger.Requests.Count);
    }

    [Theory]
    [InlineData(413, EditError.UploadFailed)]
    [InlineData(503, EditError.ServiceUnavailable)]
    [InlineData(401, EditError.ApiKeyRejected)]
    public async Task Where_the_upload_fails_nothing_is_submitted_or_billed(int status, EditError error)
    {
        Emulator.Faults.Add(new Fault { Kind = FaultKind.Answer, Route = ApiRoute.Upload, Status = status });

        ScriptRun run = await RunAsync(Edit + " -MaximumRetryCount 0");

        run.SingleError(error);
        Assert.Empty(Emulator.Ledger.RequestsOn(ApiRoute.Submit));
        Assert.Equal("Prepared", (await RunAsync("Get-QwenEditJob -Path a.png")).Text(0, "Status"));
        Emulator.Faults.Clear();
        Assert.Equal("Received", (await RunAsync(Edit)).WithoutErrors().Text(0, "Status"));
    }

    [Theory]
    [InlineData(FaultKind.ResetAfterReading)]
    [InlineData(FaultKind.ResetAfterAccepting)]
    [InlineData(FaultKind.ResetInResponse)]
    public async Task An_upload_that_breaks_is_repeated(FaultKind kind)
    {
        Emulator.Faults.Add(new Fault { Kind = kind, Route = ApiRoute.Upload, Next = 1 });

        Assert.Equal("Received", (await RunAsync(Edit)).WithoutErrors().Text(0, "Status"));

        Assert.Equal(2, Emulator.Ledger.RequestsOn(ApiRoute.Upload).Count);
        Assert.Single(Emulator.Ledger.Jobs);
    }

    [Fact]
    public async Task What_was_uploaded_is_not_uploaded_again_unless_its_job_failed()
    {
        Emulator.Faults.Add(new Fault { Kind = FaultKind.Answer, Route = ApiRoute.Submit, Status = 503, Next = 1 });
        Emulator.Faults.Add(new Fault { Kind = FaultKind.Answer, Route = ApiRoute.Submit, Status = 400, Next = 1 });
        (await RunAsync(Edit + " -MaximumRetryCount 0")).SingleError(EditError.ServiceUnavailable);

        (await RunAsync(Edit)).SingleError(EditError.RequestRejected);
        Assert.Single(Emulator.Ledger.RequestsOn(ApiRoute.Upload));

        Assert.Equal("Received", (await RunAsync(Edit)).WithoutErrors().Text(0, "Status"));
        Assert.Equal(2, Emulator.Ledger.RequestsOn(ApiRoute.Upload).Count);
    }

    [Theory]
    [InlineData("Async", ApiRoute.Submit)]
    [InlineData("Sync", ApiRoute.Sync)]
    public async Task An_unknown_outcome_is_settled_by_the_URL(string transport, ApiRoute route)
    {
        Emulator.Faults.Add(new Fault { Kind = FaultKind.ResetAfterAccepting, Route = route, Next = 1 });
        (await RunAsync($"{Edit} -Transport {transport}")).SingleError(EditError.OutcomeUnknown);

        ScriptRun run = (await RunAsync($"{Edit} -Transport {transport} -HistoryEndpoint {Emulator.HistoryEndpoint}")).WithoutErrors();

        Assert.Equal("Resumed", run.Text(0, "Status"));
        Assert.Single(Emulator.Ledger.Jobs);
        Assert.Single(Emulator.Ledger.RequestsOn(ApiRoute.Upload));
    }
}
