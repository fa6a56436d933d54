using System.Diagnostics;
using Microsoft.Data.Sqlite;
using QwenEdit.Journal;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Journal;

/// <summary>Another process keeps the journal locked.</summary>
public sealed class LockedJournalTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly OpenJournal _journal;
    private readonly EditEntry _sent;
    private readonly SqliteConnection _other;

    public LockedJournalTests()
    {
        _journal = new OpenJournal(_folder.At("journal.db"), stopped: _stop.Token);
        _sent = _journal.Take();
        _journal.Edits.Submitting(_sent, 1, DateTimeOffset.UnixEpoch);
        _other = new SqliteConnection($"Data Source={_folder.At("journal.db")};Pooling=False");
        _other.Open();
        _other.Execute("BEGIN IMMEDIATE");
    }

    public void Dispose()
    {
        _other.Dispose();
        _journal.Dispose();
        _stop.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_step_waits_until_the_journal_is_free()
    {
        Task<EditEntry> take = Task.Run(() => _journal.Take("another"));
        Assert.False(take.IsCompleted);

        _other.Execute("ROLLBACK");

        Assert.Equal(EditState.Prepared, (await take.WaitAsync(Until.Patience)).State);
    }

    [Fact]
    public async Task Many_steps_end_soon_after_the_call_is_stopped_and_say_that_it_is_temporary()
    {
        Task[] steps = [.. Enumerable.Range(0, 64).Select(number => Task.Run(() => _journal.Take($"edit {number}")))];
        var watch = Stopwatch.StartNew();

        await _stop.CancelAsync();
        await Task.WhenAll(steps.Select(step => Assert.ThrowsAsync<QwenEditException>(() => step)));

        // One after the other, with the waiting of SQLite and its client, they took more than half an hour.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.All(steps, step => Assert.Equal(EditError.JournalBusy, ((QwenEditException)step.Exception!.InnerException!).Error));
    }

    [Fact]
    public async Task What_is_paid_for_is_recorded_though_the_call_is_stopped_meanwhile()
    {
        Task submitted = Task.Run(() => _journal.Edits.Submitted(_sent, "job", DateTimeOffset.UnixEpoch));
        await _stop.CancelAsync();
        _other.Execute("ROLLBACK");

        await submitted.WaitAsync(Until.Patience);

        Assert.Equal("job", _journal.Edits.Find(_sent.Id).RequestId);
    }

    [Fact]
    public void Reading_does_not_wait() => Assert.Equal(EditState.Submitting, _journal.Edits.Find(_sent.Id).State);
}
