using QwenEdit.Commands.Parameters;
using QwenEdit.Editing;
using QwenEdit.Emulator;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.History;
using QwenEdit.Emulator.Records;
using QwenEdit.Runs;
using QwenEdit.Segmind;
using QwenEdit.Segmind.Http;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Reconciliation;

/// <summary>An emulator with its history, a journal, and as many sessions one after the other as a test needs.</summary>
internal sealed class ReconcilerFixture : IAsyncDisposable
{
    private ReconcilerFixture(SegmindEmulator emulator, SkippingClock clock)
    {
        Emulator = emulator;
        Clock = clock;
        History = emulator.HistoryEndpoint;
    }

    internal SegmindEmulator Emulator { get; }

    internal SkippingClock Clock { get; }

    internal TestFolder Folder { get; } = new();

    internal RecordingLog Log { get; } = new();

    /// <summary>The history that sessions ask; <see langword="null"/> for none.</summary>
    internal Uri? History { get; set; }

    internal string ApiKey { get; set; } = TestClient.ApiKey;

    /// <summary>How far this machine's clock is ahead of the service's.</summary>
    internal TimeSpan ClockError { get; set; }

    internal static async Task<ReconcilerFixture> StartAsync(EmulatorOptions? options = null)
    {
        SkippingClock clock = new();
        return new ReconcilerFixture(
            await SegmindEmulator.StartAsync((options ?? new EmulatorOptions { HistoryBody = HistoryBody.Whole }) with
            {
                Edit = EditMode.None,
                CostPerJob = EditFixture.Price,
                Latency = TimeSpan.FromSeconds(8),
                Time = clock,
            }),
            clock);
    }

    /// <summary>A session, as a run of a cmdlet opens it.</summary>
    internal EditSession Open(Resubmit resubmit = Resubmit.Failed, string journal = "journal.db") => new(
        new SegmindConnection
        {
            Endpoint = SegmindEndpoint.Parse(Emulator.Endpoint.AbsoluteUri),
            History = History is null ? null : SegmindEndpoint.Parse(History.AbsoluteUri),
            ApiKey = ApiKey,
            RequestTimeout = SkippingClock.Limit,
            MaximumRetryCount = 1,
        },
        new EditSettings { JournalPath = Folder.At(journal), Resubmit = resubmit },
        new WrongClock(Clock, ClockError),
        Log);

    /// <summary>An edit of an image of that number to a file of that number.</summary>
    internal PreparedEdit Prepare(int number, long seed = 7)
    {
        string path = Folder.At($"{number}.png");
        if (!File.Exists(path))
        {
            Folder.Write($"{number}.png", HistoryMatcherParts.Image(number));
        }

        return PreparedEdit.Prepare(new EditRequest { Path = path, Destination = Folder.At($"out-{number}.png"), Prompt = "Make it blue", Seed = seed });
    }

    /// <summary>Runs an edit in a session of its own.</summary>
    internal async Task<EndedEdit> RunAsync(int number, long seed = 7, Resubmit resubmit = Resubmit.Failed)
    {
        using EditSession session = Open(resubmit);
        return await session.EditAsync(Prepare(number, seed), CancellationToken.None);
    }

    /// <summary>Submits an edit in a session of its own, and leaves it.</summary>
    internal async Task SubmitAsync(int number)
    {
        using EditSession session = Open();
        await session.SubmitAsync(Prepare(number), CancellationToken.None);
    }

    /// <summary>Runs an edit whose submission meets a fault, after which nobody knows what became of it.</summary>
    internal async Task LoseAsync(int number, FaultKind fault, long seed = 7)
    {
        Emulator.Faults.Add(new Fault { Kind = fault, Route = ApiRoute.Submit, Next = 1 });
        Assert.Equal(EditOutcome.Unknown, (await RunAsync(number, seed)).Result!.Status);
    }

    /// <summary>How many requests the emulator has seen on a route.</summary>
    internal int Count(ApiRoute route) => Emulator.Ledger.RequestsOn(route).Count;

    /// <summary>Asserts that the image of an edit is there, and that its job is the only one.</summary>
    internal void AssertBilledOnce(int number, EndedEdit edit)
    {
        Assert.Null(edit.Error);
        Assert.Equal(Assert.Single(Emulator.Ledger.Jobs).RequestId, edit.Result!.RequestId);
        Assert.Equal((1, 0.0125m), (Count(ApiRoute.Submit), Emulator.Ledger.Billed));
        Assert.Equal(HistoryMatcherParts.Image(number), File.ReadAllBytes(Folder.At($"out-{number}.png")));
    }

    private sealed class WrongClock(TimeProvider right, TimeSpan error) : TimeProvider
    {
        public override long TimestampFrequency => right.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => right.GetUtcNow() + error;

        public override long GetTimestamp() => right.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            right.CreateTimer(callback, state, dueTime, period);
    }

    public async ValueTask DisposeAsync()
    {
        await Emulator.DisposeAsync();
        Folder.Dispose();
    }
}
