using Microsoft.Data.Sqlite;
using QwenEdit.Emulator;
using QwenEdit.Tests.Crash.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Crash;

/// <summary>A process is killed at each point of an edit's life that has a name, and the same command is run again.</summary>
[Collection(ProcessTests.Name)]
public sealed class NamedPointTests : IAsyncLifetime
{
    private static readonly TimeSpan Held = TimeSpan.FromMinutes(30);

    private Scene _scene = null!;

    public async Task InitializeAsync()
    {
        _scene = await Scene.StartAsync(images: 3);
        // One after another, so that the first is the one that is killed.
        _scene.Parameters = "-ThrottleLimit 1";
    }

    public async Task DisposeAsync() => await _scene.DisposeAsync();

    [Fact]
    public async Task Waiting_for_the_rate_limit()
    {
        Fault(ApiRoute.Submit, FaultKind.Answer, status: 429);
        await KillAsync(() => Until.TrueAsync(() => Met() && _scene.States() is ["Prepared"], "the refusal is recorded"));
        await AllAreReceivedAsync();
    }

    [Fact]
    public async Task While_the_image_is_being_sent()
    {
        await _scene.DisposeAsync();
        // More than fits into what the two ends keep for each other.
        _scene = await Scene.StartAsync(images: 1, bytes: 16 * 1024 * 1024);
        Fault(ApiRoute.Submit, FaultKind.DelayReading);
        await KillAsync(MetAsync);

        // Whether all had left, it can't know: the process that did is gone.
        EndedProcess again = await _scene.RunAsync();

        Assert.StartsWith("OutcomeUnknown,", Assert.Single(again.Errors), StringComparison.Ordinal);
        Assert.Equal(1, _scene.Judge.FindsNothingLost());
        Assert.Empty(_scene.Service.Ledger.Jobs);
    }

    [Theory]
    [InlineData("", ApiRoute.Submit)]
    [InlineData("-Upload Storage -WarningAction Ignore", ApiRoute.Submit)]
    [InlineData("-Transport Sync", ApiRoute.Sync)]
    public async Task Accepted_while_the_answer_is_not_there_yet(string parameters, ApiRoute route)
    {
        _scene.Parameters += $" {parameters}";
        Fault(route, FaultKind.DelayHeaders);
        await KillAsync(AcceptedAsync);
        await FirstIsUnknownAsync();
    }

    [Fact]
    public async Task In_the_middle_of_the_answer_to_the_submission()
    {
        Fault(ApiRoute.Submit, FaultKind.DelayBody);
        await KillAsync(() => AnsweredAsync(ApiRoute.Submit));
        await FirstIsUnknownAsync();
    }

    [Fact]
    public async Task Answered_while_the_request_id_is_not_recorded_yet()
    {
        Fault(ApiRoute.Submit, FaultKind.DelayHeaders);
        SqliteConnection? held = null;
        await KillAsync(async () =>
        {
            await AcceptedAsync();
            held = _scene.LockJournal();
            _scene.Service.Clock.Advance(Held);
            await AnsweredAsync(ApiRoute.Submit);
        });
        held!.Dispose();
        await FirstIsUnknownAsync();
    }

    [Fact]
    public async Task After_the_connection_was_reset_and_the_outcome_recorded_as_unknown()
    {
        Fault(ApiRoute.Submit, FaultKind.ResetAfterAccepting);
        await KillAsync(() => Until.TrueAsync(() => _scene.States() is ["Unknown", ..], "the outcome is recorded"));
        await FirstIsUnknownAsync();
    }

    [Fact]
    public async Task Between_the_answer_and_the_first_poll()
    {
        Fault(ApiRoute.Status, FaultKind.DelayHeaders);
        await KillAsync(MetAsync);
        await AllAreReceivedAsync();
    }

    [Fact]
    public async Task While_the_job_is_processed()
    {
        await _scene.DisposeAsync();
        _scene = await Scene.StartAsync(images: 1, latency: 600);
        await KillAsync(() => AnsweredAsync(ApiRoute.Status));
        _scene.Service.Clock.Advance(TimeSpan.FromMinutes(10));
        await AllAreReceivedAsync();
    }

    [Fact]
    public async Task Completed_while_the_result_is_not_read_yet()
    {
        Fault(ApiRoute.Result, FaultKind.DelayHeaders);
        await KillAsync(MetAsync);
        await AllAreReceivedAsync();
    }

    [Fact]
    public async Task Completed_while_the_address_of_the_image_is_not_recorded_yet()
    {
        Fault(ApiRoute.Result, FaultKind.DelayHeaders);
        SqliteConnection? held = null;
        await KillAsync(async () =>
        {
            await MetAsync();
            held = _scene.LockJournal();
            _scene.Service.Clock.Advance(Held);
            await AnsweredAsync(ApiRoute.File);
        });
        held!.Dispose();
        Assert.Equal(["Queued"], _scene.States());
        Assert.False(File.Exists(_scene.ResultOf(_scene.Sources[0])));
        await AllAreReceivedAsync();
    }

    [Fact]
    public async Task Completed_before_the_download()
    {
        Fault(ApiRoute.File, FaultKind.DelayHeaders);
        await KillAsync(AddressIsRecordedAsync);
        await AllAreReceivedAsync();
    }

    [Fact]
    public async Task Completed_before_the_download_and_the_record_expires()
    {
        Fault(ApiRoute.File, FaultKind.DelayHeaders);
        await KillAsync(AddressIsRecordedAsync);
        _scene.Service.Clock.Advance(TimeSpan.FromDays(6));
        await AllAreReceivedAsync();
    }

    [Fact]
    public async Task In_the_middle_of_the_download()
    {
        Fault(ApiRoute.File, FaultKind.DelayBody);
        await KillAsync(HalfIsThereAsync);
        Assert.NotNull(Temporary());
        await AllAreReceivedAsync();
    }

    [Theory]
    [InlineData(EditTransport.Async, ApiRoute.File)]
    [InlineData(EditTransport.Sync, ApiRoute.Sync)]
    public async Task The_image_is_there_before_the_file_has_its_name(EditTransport transport, ApiRoute route)
    {
        _scene.Parameters += $" -Transport {transport}";
        Fault(route, FaultKind.DelayBody);
        SqliteConnection? held = null;
        await KillAsync(async () =>
        {
            await HalfIsThereAsync();
            held = _scene.LockJournal();
            _scene.Service.Clock.Advance(Held);
            await Until.TrueAsync(() => Temporary()?.Length == new FileInfo(_scene.Sources[0]).Length, "the image is on the disk");
        });
        held!.Dispose();
        Assert.False(File.Exists(_scene.ResultOf(_scene.Sources[0])));
        await AllAreReceivedAsync();
    }

    [Fact]
    public async Task In_the_middle_of_the_download_of_a_job_that_the_journal_does_not_have()
    {
        await _scene.RunAsync();
        string id = _scene.Service.Ledger.Jobs[0].RequestId;
        File.Delete(_scene.Journal);
        Directory.Delete(_scene.Results, recursive: true);
        string command = $"Receive-QwenEditResult {id} -DestinationPath '{_scene.ResultOf(_scene.Sources[0])}' -JournalPath '{_scene.Journal}'";
        Fault(ApiRoute.File, FaultKind.DelayBody);
        using (EditProcess process = _scene.StartScript(command))
        {
            await HalfIsThereAsync();
            await process.KillAsync();
        }

        _scene.Judge.FindsNoHalfFile();
        Assert.NotNull(Temporary());
        _scene.Service.Faults.Clear();
        using EditProcess again = _scene.StartScript(command);
        Assert.Empty((await again.EndedAsync()).Errors);

        _scene.Judge.FindsNoHalfFile();
        Assert.Equal([_scene.ResultOf(_scene.Sources[0])], Directory.GetFiles(_scene.Results));
    }

    [Fact]
    public async Task Renamed_before_it_is_recorded()
    {
        await _scene.RunAsync();
        int fetched = _scene.Service.Ledger.RequestsOn(ApiRoute.File).Count;
        // As a process leaves it that is killed between the two.
        _scene.ChangeJournal("UPDATE edit SET state = 'Completed', owner = 'a process that was killed'");

        EndedProcess again = await _scene.RunAsync();

        Assert.Equal(3, again.Count(EditOutcome.Resumed));
        Assert.Equal(fetched, _scene.Service.Ledger.RequestsOn(ApiRoute.File).Count);
        await AllAreReceivedAsync();
    }

    [Fact]
    public async Task While_the_image_is_being_uploaded()
    {
        _scene.Parameters += " -Upload Storage -WarningAction Ignore";
        Fault(ApiRoute.Upload, FaultKind.DelayReading);
        await KillAsync(MetAsync);
        await AllAreReceivedAsync();
    }

    [Fact]
    public async Task Synchronous_in_the_middle_of_the_answer_with_the_image()
    {
        _scene.Parameters += " -Transport Sync";
        Fault(ApiRoute.Sync, FaultKind.DelayBody);
        await KillAsync(HalfIsThereAsync);
        Assert.Equal(["Completed"], _scene.States());
        await AllAreReceivedAsync();
    }

    private void Fault(ApiRoute route, FaultKind kind, int status = 500) =>
        _scene.Service.Faults.Add(new Fault { Kind = kind, Route = route, Next = 1, Delay = Held, Status = status, Name = "here" });

    private bool Met() => _scene.Service.Ledger.Requests.Any(request => request.Fault == "here" && request.Status != 0);

    private Task<LedgerRequest> MetAsync() => _scene.Service.Ledger.WaitForAsync(request => request.Fault == "here", Until.Token());

    private Task<LedgerRequest> AnsweredAsync(ApiRoute route) =>
        _scene.Service.Ledger.WaitForAsync(request => request.Route == route && request.Status == 200, Until.Token());

    private Task AcceptedAsync() => Until.TrueAsync(() => _scene.Service.Ledger.Jobs.Count == 1, "the job is accepted");

    // While the image itself does not come.
    private async Task AddressIsRecordedAsync()
    {
        await MetAsync();
        await Until.TrueAsync(() => _scene.States() is ["Completed"], "the address is recorded");
    }

    private Task HalfIsThereAsync() => Until.TrueAsync(() => Temporary() is { Length: > 0 }, "half of the image is on the disk");

    private FileInfo? Temporary() => Directory.Exists(_scene.Results)
        ? new DirectoryInfo(_scene.Results).GetFiles(".qwenedit-*.tmp").SingleOrDefault()
        : null;

    private async Task KillAsync(Func<Task> reached)
    {
        using EditProcess process = _scene.Start();
        await reached();
        await process.KillAsync();
        _scene.Judge.FindsNoHalfFile();
        _scene.Service.Faults.Clear();
    }

    private async Task AllAreReceivedAsync()
    {
        EndedProcess again = await _scene.RunAsync();
        Assert.Equal(0, _scene.Judge.FindsNothingLost());
        Assert.Equal(_scene.Sources.Count, _scene.Service.Ledger.Jobs.Count);
        Assert.Empty(again.Errors);
        await ThirdTimeDoesNothingAsync(EditOutcome.Skipped);
    }

    private async Task FirstIsUnknownAsync()
    {
        EndedProcess again = await _scene.RunAsync();
        Assert.Equal(1, _scene.Judge.FindsNothingLost());
        Assert.Equal(_scene.Sources.Count, _scene.Service.Ledger.Jobs.Count);
        Assert.StartsWith("OutcomeUnknown,", Assert.Single(again.Errors), StringComparison.Ordinal);
        await ThirdTimeDoesNothingAsync(EditOutcome.Unknown);
    }

    private async Task ThirdTimeDoesNothingAsync(EditOutcome first)
    {
        int requests = _scene.Service.Ledger.Requests.Count;
        EndedProcess third = await _scene.RunAsync();
        Assert.Equal(requests, _scene.Service.Ledger.Requests.Count);
        Assert.StartsWith($"{first} {_scene.Sources[0]}", third.Output.First(line => line.Contains(_scene.Sources[0], StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(_scene.Sources.Count - (first == EditOutcome.Skipped ? 0 : 1), third.Count(EditOutcome.Skipped));
    }
}
