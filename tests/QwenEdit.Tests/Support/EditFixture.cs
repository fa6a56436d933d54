using QwenEdit.Editing;
using QwenEdit.Emulator;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Records;
using QwenEdit.Runs;
using QwenEdit.Segmind;
using QwenEdit.Segmind.Http;

namespace QwenEdit.Tests.Support;

/// <summary>A session of edits against an emulator that goes by the same clock, which skips pauses, and a folder with an image in it.</summary>
internal sealed class EditFixture : IAsyncDisposable
{
    /// <summary>What a job costs in tests, whose sums are written out.</summary>
    internal const decimal Price = 0.0125m;

    private readonly bool _ownsEmulator;
    private readonly TimeProvider _time;

    private EditFixture(SegmindEmulator emulator, bool ownsEmulator, TimeProvider clock, EditSettings settings, int maximumRetryCount, string? journal = null)
    {
        _ownsEmulator = ownsEmulator;
        Emulator = emulator;
        _time = clock;
        Session = new EditSession(
            new SegmindConnection
            {
                Endpoint = SegmindEndpoint.Parse(emulator.Endpoint.AbsoluteUri),
                ApiKey = emulator.ApiKey,
                RequestTimeout = SkippingClock.Limit,
                MaximumRetryCount = maximumRetryCount,
            },
            settings with { JournalPath = journal ?? Folder.At("journal.db") },
            clock,
            Log);
        Image = Folder.Write("poster.png", TestImages.Png);
    }

    internal SegmindEmulator Emulator { get; }

    internal SkippingClock Clock => (SkippingClock)_time;

    internal RecordingLog Log { get; } = new();

    internal TestFolder Folder { get; } = new();

    internal EditSession Session { get; }

    /// <summary>The names in the folder, but for the journal's.</summary>
    internal IEnumerable<string> Names => Folder.Names.Where(name => !name.StartsWith("journal.db", StringComparison.Ordinal));

    /// <summary>The path of a PNG image in the folder.</summary>
    internal string Image { get; }

    internal static async Task<EditFixture> StartAsync(
        EditSettings? settings = null, EmulatorOptions? options = null, int maximumRetryCount = 2, TimeSpan? latency = null, TimeProvider? clock = null)
    {
        clock ??= new SkippingClock();
        SegmindEmulator emulator = await SegmindEmulator.StartAsync((options ?? new EmulatorOptions()) with
        {
            // The pixels don't matter here.
            Edit = EditMode.None,
            CostPerJob = Price,
            Latency = latency ?? TimeSpan.FromSeconds(8),
            Time = clock,
        });
        return new EditFixture(emulator, ownsEmulator: true, clock, settings ?? new EditSettings(), maximumRetryCount);
    }

    /// <summary>Another session at the same emulator, by the same clock and with the same journal, and with a folder of its own.</summary>
    internal EditFixture StartAnother() => new(Emulator, ownsEmulator: false, _time, new EditSettings(), maximumRetryCount: 2, Folder.At("journal.db"));

    /// <summary>An edit of the image to <c>out.png</c>, unless that is changed.</summary>
    internal PreparedEdit Prepare(string prompt = "Make it blue", Func<EditRequest, EditRequest>? change = null)
    {
        EditRequest request = new() { Path = Image, Destination = Folder.At("out.png"), Prompt = prompt };
        return PreparedEdit.Prepare(change is null ? request : change(request));
    }

    internal Task<EndedEdit> EditAsync(string prompt = "Make it blue", Func<EditRequest, EditRequest>? change = null) =>
        Session.EditAsync(Prepare(prompt, change), CancellationToken.None);

    /// <summary>How many requests the emulator has seen on a route.</summary>
    internal int Count(ApiRoute route) => Emulator.Ledger.RequestsOn(route).Count;

    public async ValueTask DisposeAsync()
    {
        Session.Dispose();
        if (_ownsEmulator)
        {
            await Emulator.DisposeAsync();
        }

        Folder.Dispose();
    }
}
