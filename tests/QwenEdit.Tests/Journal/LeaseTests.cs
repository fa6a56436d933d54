using Microsoft.Extensions.Time.Testing;
using QwenEdit.Journal;

namespace QwenEdit.Tests.Journal;

/// <summary>Who works on an edit, and when that is not believed any more.</summary>
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

        SessionFacts owner = AssertBusy();

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
    }

    [Fact]
    public void A_process_that_is_gone_is_known_at_once()
    {
        _owner.Take();
        _owner.Pretend("process_id = 2147483647");

        AssertTaken();
    }

    [Fact]
    public void A_reused_process_id_with_another_start_is_not_believed()
    {
        _owner.Take();
        _owner.Pretend($"process_started = process_started - {TimeSpan.TicksPerMinute}");

        AssertTaken();
    }

    [Fact]
    public void A_beating_heart_on_another_machine_is_believed_for_a_minute()
    {
        _owner.Take();
        _owner.Pretend($"machine = 'elsewhere', heartbeat = {Milliseconds(_time.GetUtcNow())}");
        _owner.Store.Write(connection => connection.Execute("UPDATE session SET token = 'far' WHERE machine = 'elsewhere'"));
        _owner.Store.Write(connection => connection.Execute("UPDATE edit SET owner = 'far'"));

        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("elsewhere", AssertBusy().Machine);

        _time.Advance(TimeSpan.FromSeconds(2));
        AssertTaken();
    }

    [Fact]
    public void The_heart_beats_every_ten_seconds()
    {
        _owner.Take("one");
        _other.Take("another");
        for (int beat = 0; beat < 5; beat++)
        {
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Equal(Milliseconds(_time.GetUtcNow()), _other.Store.Read(connection => connection.Scalar("SELECT min(heartbeat) FROM session")));
    }

    [Fact]
    public void What_was_being_sent_when_its_process_died_is_unknown()
    {
        EditEntry entry = _owner.Take();
        _owner.Edits.Submitting(entry, 1, _time.GetUtcNow());
        _owner.Pretend("process_id = 2147483647");

        Assert.Equal(EditState.Unknown, AssertTaken().State);
    }

    [Fact]
    public void One_that_is_believed_dead_and_lives_can_not_send_what_was_taken_from_it()
    {
        EditEntry entry = _owner.Take();
        _owner.Pretend("process_id = 2147483647");
        AssertTaken();

        QwenEditException refusal = Assert.Throws<QwenEditException>(() => _owner.Edits.Submitting(entry, 1, _time.GetUtcNow()));

        Assert.Equal(EditError.EditBusy, refusal.Error);
    }

    [Fact]
    public void Those_that_were_killed_long_ago_and_left_nothing_are_forgotten()
    {
        _owner.Edits.Release(_owner.Take());
        _other.Take("another");
        _owner.Pretend($"token = 'killed', heartbeat = heartbeat - {TimeSpan.FromDays(2).TotalMilliseconds}");

        new RunJournal(_other.Store, _other.Presence).Begin("Invoke-QwenImageEdit", _time.GetUtcNow());

        Assert.Equal(0, _other.Store.Read(connection => connection.Scalar("SELECT count(*) FROM session WHERE token = 'killed'")));
    }

    [Fact]
    public void Those_that_left_an_edit_behind_are_not()
    {
        _owner.Take();
        _owner.Pretend($"process_id = 2147483647, heartbeat = heartbeat - {TimeSpan.FromDays(2).TotalMilliseconds}");

        new RunJournal(_other.Store, _other.Presence).Begin("Invoke-QwenImageEdit", _time.GetUtcNow());

        AssertTaken();
        Assert.Equal(1, _other.Store.Read(connection => connection.Scalar("SELECT count(*) FROM session WHERE process_id = 2147483647")));
    }

    private SessionFacts AssertBusy()
    {
        Assert.False(_other.Edits.TryTake(OpenJournal.Edit(), out _, out SessionFacts? owner));
        return owner!;
    }

    private EditEntry AssertTaken()
    {
        Assert.True(_other.Edits.TryTake(OpenJournal.Edit(), out EditEntry entry, out _));
        return entry;
    }

    private static long Milliseconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds();
}
