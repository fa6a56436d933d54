using QwenEdit.Emulator.Accounts;
using QwenEdit.Emulator.Bodies;
using QwenEdit.Emulator.Spool;

namespace QwenEdit.Emulator.Jobs;

/// <summary>
/// One accepted POST. A hundred thousand of them are kept in one process, so the parameters are read from
/// <see cref="Body"/> when they are needed. <see cref="JobQueue"/> guards what changes.
/// </summary>
internal sealed class Job
{
    public required Guid Id { get; init; }
    public required string IdFormat { get; init; }
    public required Account Account { get; init; }
    public required string Model { get; init; }
    public required byte[] Body { get; init; }
    public required InlineImage? Image { get; init; }
    public required long Seed { get; init; }
    public required TestPrompts Words { get; init; }
    public required decimal Price { get; init; }
    public required long Accepted { get; init; }
    public required long Started { get; init; }
    public long Finished { get; set; }

    /// <summary>Done when <see cref="Output"/> or <see cref="Error"/> is there; the job ends then, or at its time, whichever is later.</summary>
    public Task Edited { get; set; } = Task.CompletedTask;
    public long EditedAt { get; set; }
    public SpoolFile? Source { get; set; }
    public SpoolFile? Output { get; set; }
    public string? Error { get; set; }

    public bool Settled { get; set; }
    public decimal Billed { get; set; }
    public decimal Remaining { get; set; }
    public int Polls;
    public int Fetched;

    /// <summary>The id as clients see it.</summary>
    public string RequestId => Id.ToString(IdFormat);

    public bool Is(TestPrompts word) => (Words & word) != 0;

    public EditParameters ReadParameters() => EditParameters.Parse(Body);

    public JobState StateAt(long now) =>
        Settled ? Error is null ? JobState.Completed : JobState.Failed
        : now < Started ? JobState.Queued : JobState.Processing;
}
