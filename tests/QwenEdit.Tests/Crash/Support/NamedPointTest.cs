using Microsoft.Data.Sqlite;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.Records;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Crash.Support;

/// <summary>A process is killed at a point of an edit's life, and the same command is run again.</summary>
[Collection(ProcessTests.Name)]
public abstract class NamedPointTest : IAsyncLifetime
{
    private static readonly TimeSpan Held = TimeSpan.FromMinutes(30);

    private protected CrashFixture CrashFixture { get; set; } = null!;

    public async Task InitializeAsync()
    {
        CrashFixture = await CrashFixture.StartAsync(images: 3);
        // One after another, so that the first is the one that is killed.
        CrashFixture.Parameters = "-ThrottleLimit 1";
    }

    public async Task DisposeAsync() => await CrashFixture.DisposeAsync();

    private protected void Fault(ApiRoute route, FaultKind kind, int status = 500) =>
        CrashFixture.Service.Faults.Add(new Fault { Kind = kind, Route = route, Next = 1, Delay = Held, Status = status, Name = "here" });

    private protected bool Met() => CrashFixture.Service.Ledger.Requests.Any(request => request.Fault == "here" && request.Status != 0);

    private protected Task<LedgerRequest> MetAsync() => CrashFixture.Service.Ledger.WaitForAsync(request => request.Fault == "here", Until.Token());

    private protected Task<LedgerRequest> AnsweredAsync(ApiRoute route) =>
        CrashFixture.Service.Ledger.WaitForAsync(request => request.Route == route && request.Status == 200, Until.Token());

    private protected Task AcceptedAsync() => Until.TrueAsync(() => CrashFixture.Service.Ledger.Jobs.Count == 1, "the job is accepted");

    // While the image itself does not come.
    private protected async Task AddressIsRecordedAsync()
    {
        await MetAsync();
        await Until.TrueAsync(() => CrashFixture.States() is ["Completed"], "the address is recorded");
    }

    private protected Task HalfIsThereAsync() => Until.TrueAsync(() => Temporary() is { Length: > 0 }, "half of the image is on the disk");

    private protected FileInfo? Temporary() => Directory.Exists(CrashFixture.Results)
        ? new DirectoryInfo(CrashFixture.Results).GetFiles(".qwenedit-*.tmp").SingleOrDefault()
        : null;

    private protected async Task KillAsync(Func<Task> reached)
    {
        using EditProcess process = CrashFixture.Start();
        await reached();
        await process.KillAsync();
        CrashFixture.LedgerCheck.FindsNoHalfFile();
        CrashFixture.Service.Faults.Clear();
    }

    // Before it goes on, the journal is locked, so that what comes next can't be written down.
    private protected async Task KillBeforeItIsRecordedAsync(Func<Task> begun, Func<Task> reached)
    {
        SqliteConnection? held = null;
        await KillAsync(async () =>
        {
            await begun();
            held = CrashFixture.LockJournal();
            CrashFixture.Service.Clock.Advance(Held);
            await reached();
        });
        held!.Dispose();
    }

    private protected async Task AllAreReceivedAsync()
    {
        EndedProcess again = await CrashFixture.RunAsync();
        Assert.Equal(0, CrashFixture.LedgerCheck.FindsNothingLost());
        Assert.Equal(CrashFixture.Sources.Count, CrashFixture.Service.Ledger.Jobs.Count);
        Assert.Empty(again.Errors);
        await ThirdTimeDoesNothingAsync(EditOutcome.Skipped);
    }

    private protected async Task FirstIsUnknownAsync()
    {
        EndedProcess again = await CrashFixture.RunAsync();
        Assert.Equal(1, CrashFixture.LedgerCheck.FindsNothingLost());
        Assert.Equal(CrashFixture.Sources.Count, CrashFixture.Service.Ledger.Jobs.Count);
        Assert.StartsWith("OutcomeUnknown,", Assert.Single(again.Errors), StringComparison.Ordinal);
        await ThirdTimeDoesNothingAsync(EditOutcome.Unknown);
    }

    private async Task ThirdTimeDoesNothingAsync(EditOutcome first)
    {
        int requests = CrashFixture.Service.Ledger.Requests.Count;
        EndedProcess third = await CrashFixture.RunAsync();
        Assert.Equal(requests, CrashFixture.Service.Ledger.Requests.Count);
        Assert.StartsWith($"{first} {CrashFixture.Sources[0]}", third.Output.First(line => line.Contains(CrashFixture.Sources[0], StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(CrashFixture.Sources.Count - (first == EditOutcome.Skipped ? 0 : 1), third.Count(EditOutcome.Skipped));
    }
}
