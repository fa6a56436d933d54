using Microsoft.Extensions.Time.Testing;
using QwenEdit.Journal;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Journal;

/// <summary>Who works on an edit, and when that is over.</summary>
public sealed class LeaseTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("qwenedit-journal-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 10, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly OpenJournal _owner;
    private readonly OpenJournal _other;

    public LeaseTests()
    {
        string file = Path.Combine(_folder, "journal.db");
        _owner = new OpenJournal(file, _time);
        _other = new OpenJournal(file, _time);
    }

    public void Dispose()
    {
        _owner.Dispose();
        _other.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void What_a_living_process_works_on_is_not_taken_and_the_process_is_named()
    {
        _owner.Take();

        SessionOwner owner = AssertBusy();

        Assert.Equal(Environment.ProcessId, owner.ProcessId);
        Assert.Equal(Environment.MachineName, owner.Machine);
        Assert.NotEmpty(owner.ProcessName);
    }

    [Fact]
    public void What_was_let_go_of_is_taken()
    {
        _owner.Edits.Release(_owner.Take());

        AssertTaken();
    }

    [Fact]
    public void What_an_ended_call_had_is_taken()
    {
        _owner.Take();
        _owner.Presence.Dispose();

        AssertTaken();
        Assert.False(File.Exists(_owner.SessionFileOf(_owner.Presence.Token)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_a_killed_process_had_is_taken_at_once_whether_its_file_is_there_or_not(bool leavesFile)
    {
        _owner.Take();
        _owner.Kill(leavesFile);

        AssertTaken();
    }

    // The id of another process, of none, or of one in another container; the name of another machine.
    [Theory]
    [InlineData("process_id = 1")]
    [InlineData("process_id = 2147483647")]
    [InlineData("machine = 'elsewhere'")]
    public void What_is_known_of_the_process_says_nothing_of_its_life(string set)
    {
        _owner.Take();
        _owner.Store.Write(connection => connection.Execute($"UPDATE session SET {set}"));
        AssertBusy();

        _owner.Kill();
        AssertTaken();
    }

    [Theory]
    [InlineData(-400)]
    [InlineData(400)]
    public void A_clock_that_is_set_says_nothing_of_its_life(int days)
    {
        _owner.Take();
        FakeTimeProvider clock = new(_time.GetUtcNow().AddDays(days));
        using OpenJournal other = new(Path.Combine(_folder, "journal.db"), clock);

        Assert.False(other.Edits.TryClaim(OpenJournal.Edit(), out _, out _));
    }

    [Fact]
    public void A_file_that_can_not_be_looked_at_means_alive()
    {
        _owner.Take();
        _owner.Kill(leavesFile: false);
        // A folder can't be opened as a file, whoever tries.
        Directory.CreateDirectory(_owner.SessionFileOf(_owner.Presence.Token));

        AssertBusy();
    }

    [UnixFact("Making links needs a right on Windows.")]
    public void Sessions_that_open_the_journal_by_a_link_know_of_each_other()
    {
        string link = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "elsewhere")).FullName, "link.db");
        File.CreateSymbolicLink(link, Path.Combine(_folder, "journal.db"));
        using OpenJournal linked = new(link, _time);
        linked.Take();

        AssertBusy();
        linked.Kill(leavesFile: false);
        AssertTaken();
    }

    [Fact]
    public void What_was_being_sent_when_its_process_died_is_unknown()
    {
        Send();
        _owner.Kill();

        Assert.Equal(EditState.Unknown, AssertTaken().State);
    }

    [Fact]
    public void One_whose_lock_is_gone_and_that_lives_can_not_send_what_was_taken_from_it()
    {
        EditEntry entry = _owner.Take();
        _owner.Kill();
        AssertTaken();

        QwenEditException refusal = Assert.Throws<QwenEditException>(() => _owner.Edits.Submitting(entry, 1, _time.GetUtcNow()));

        Assert.Equal(EditError.EditBusy, refusal.Error);
    }

    [Fact]
    public void A_request_id_that_comes_back_is_recorded_though_another_has_taken_the_edit()
    {
        EditEntry sent = Send();
        _owner.Kill();
        EditEntry claimed = AssertTaken();

        _owner.Edits.Submitted(sent, "late", _time.GetUtcNow());
        _owner.Edits.Completed(sent with { RequestId = "late" }, _time.GetUtcNow(), "https://images.example/a.png", 0.04m, 9m, 1, 2);

        EditEntry known = _other.Edits.Find(claimed.Id);
        Assert.Equal(
            ("late", EditState.Completed, claimed.Owner, "https://images.example/a.png", 0.04m),
            (known.RequestId, known.State, known.Owner, known.OutputUrl, known.Cost));
    }

    // What it decided about an edit without a job is not so any more.
    [Theory]
    [InlineData("no job")]
    [InlineData("unknown")]
    [InlineData("rejected")]
    public void Whoever_has_taken_the_edit_does_not_undo_it(string step)
    {
        EditEntry sent = Send();
        _owner.Kill();
        EditEntry claimed = AssertTaken();
        _owner.Edits.Submitted(sent, "late", _time.GetUtcNow());

        Assert.Equal(EditError.EditBusy, Assert.Throws<QwenEditException>(() =>
        {
            switch (step)
            {
                case "no job":
                    _other.Edits.NoJob(claimed);
                    break;
                case "unknown":
                    _other.Edits.Unknown(claimed, "no answer");
                    break;
                default:
                    _other.Edits.Rejected(claimed, "refused");
                    break;
            }
        }).Error);

        Assert.Equal(("late", EditState.Queued), (_other.Edits.Find(claimed.Id).RequestId, _other.Edits.Find(claimed.Id).State));
    }

    [Fact]
    public void A_request_id_that_comes_back_when_the_edit_has_another_job_is_known_as_an_earlier_one()
    {
        EditEntry sent = Send();
        _owner.Kill();
        EditEntry claimed = AssertTaken();
        _other.Edits.Submitting(claimed, 1, _time.GetUtcNow());
        _other.Edits.Submitted(claimed, "second", _time.GetUtcNow());

        Assert.Throws<QwenEditException>(() => _owner.Edits.Submitted(sent, "late", _time.GetUtcNow()));

        AccountJournal book = new(_other.Store, _other.Presence, claimed.Endpoint, "account");
        IReadOnlyDictionary<string, EditEntry?> owned = book.Owned(["late", "second"]);
        Assert.Null(owned["late"]);
        Assert.Equal(claimed.Id, owned["second"]!.Id);
    }

    [Fact]
    public void Those_that_were_killed_and_left_nothing_are_removed_with_their_files_when_a_run_begins()
    {
        _owner.Edits.Release(_owner.Take());
        _owner.Kill();
        string unknown = _owner.SessionFileOf(Guid.NewGuid().ToString("N"));
        File.WriteAllText(unknown, string.Empty);

        BeginRun();

        Assert.Equal(0, Count(_owner));
        Assert.False(File.Exists(_owner.SessionFileOf(_owner.Presence.Token)));
        Assert.False(File.Exists(unknown));
    }

    [Fact]
    public void Those_that_live_or_left_an_edit_behind_are_not()
    {
        using OpenJournal third = new(Path.Combine(_folder, "journal.db"), _time);
        third.Edits.Release(third.Take("a third"));
        _owner.Take();
        _owner.Kill();

        BeginRun();

        Assert.Equal((1, 1), (Count(_owner), Count(third)));
        Assert.True(File.Exists(_owner.SessionFileOf(_owner.Presence.Token)));
        Assert.True(File.Exists(third.SessionFileOf(third.Presence.Token)));
        AssertTaken();
    }

    private EditEntry Send()
    {
        EditEntry entry = _owner.Take();
        _owner.Edits.Submitting(entry, 1, _time.GetUtcNow());
        return entry;
    }

    private void BeginRun() => new RunJournal(_other.Store, _other.Presence).Begin("Invoke-QwenImageEdit", _time.GetUtcNow());

    private long Count(OpenJournal journal) => _other.Store.Read(
        connection => connection.Scalar("SELECT count(*) FROM session WHERE token = $token", ("$token", journal.Presence.Token)));

    private SessionOwner AssertBusy()
    {
        Assert.False(_other.Edits.TryClaim(OpenJournal.Edit(), out _, out SessionOwner? owner));
        return owner!;
    }

    private EditEntry AssertTaken()
    {
        Assert.True(_other.Edits.TryClaim(OpenJournal.Edit(), out EditEntry entry, out _));
        return entry;
    }
}
