using QwenEdit.Journal;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Journal;

/// <summary>The runs of the journal.</summary>
public sealed class RunJournalTests : IDisposable
{
    private static readonly DateTimeOffset s_start = DateTimeOffset.FromUnixTimeMilliseconds(1_000_000);

    private readonly TemporaryFolder _folder = new();
    private readonly OpenJournal _journal;
    private readonly RunJournal _runs;

    public RunJournalTests()
    {
        _journal = new OpenJournal(_folder["journal.db"]);
        _runs = new RunJournal(_journal.Store, _journal.Presence);
    }

    public void Dispose()
    {
        _journal.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Runs_are_numbered_from_one_and_come_back_as_they_were()
    {
        EditRun run = new()
        {
            RunId = _runs.Begin("Invoke-QwenImageEdit", s_start),
            Command = "Invoke-QwenImageEdit",
            Status = EditRunStatus.Ended,
            StartedAt = s_start,
            EndedAt = s_start.AddSeconds(90),
            Total = 78,
            Submitted = 1,
            Received = 2,
            Skipped = 3,
            Resumed = 4,
            Failed = 5,
            Unknown = 6,
            Expired = 7,
            TimedOut = 8,
            NotReceived = 13,
            Busy = 9,
            InvalidInput = 10,
            LeftOut = 12,
            NotSubmitted = 11,
            Cost = 0.025m,
            RemainingCredits = 99.5m,
            StoppedBy = EditRunStop.MaxCost,
            ExitCode = 8,
        };

        Assert.Equal(EditRunStatus.Running, Assert.Single(_runs.Select(1, 1)).Status);
        _runs.End(run);

        Assert.Equal(run, Assert.Single(_runs.Select(null, 10)));
        Assert.Equal(TimeSpan.FromSeconds(90), run.Duration);
    }

    // Each edit that the run left is counted once.
    [Fact]
    public void A_run_without_an_end_is_counted_by_the_states_of_its_edits()
    {
        long id = _runs.Begin("Invoke-QwenImageEdit", s_start);
        EditState[] states = Enum.GetValues<EditState>();
        foreach (EditState state in states)
        {
            _journal.Take($"{state}");
        }

        _journal.Store.Write(connection => connection.Execute($"UPDATE edit SET state = identity, run = {id}"));

        EditRun run = Assert.Single(_runs.Select(id, 1));

        Assert.Equal(states.Length, run.Total);
        Assert.Equal(
            (4, 1, 2, 2, 1, 1), (run.Submitted, run.Received, run.Failed, run.Unknown, run.Expired, run.NotSubmitted));
        Assert.Equal(run.Total, run.Submitted + run.Received + run.Failed + run.Unknown + run.Expired + run.NotSubmitted);
    }
}
