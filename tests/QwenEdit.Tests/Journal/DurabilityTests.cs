using QwenEdit.Journal;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Journal;

/// <summary>Which steps of an edit are on the disk when they return: those that a promise rests on.</summary>
public sealed class DurabilityTests : IDisposable
{
    private static readonly FileRecord File = new(1, 2, "hash");
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    private readonly TestFolder _folder = new();
    private readonly OpenJournal _journal;

    public DurabilityTests() => _journal = new OpenJournal(_folder.At("journal.db"));

    public void Dispose()
    {
        _journal.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void What_a_promise_rests_on_is_on_the_disk()
    {
        EditEntry entry = _journal.Take();
        AssertDurable(() => _journal.Edits.Submitting(entry, 1, Now));
        AssertDurable(() => _journal.Edits.Submitted(entry, "request", Now));
        AssertDurable(() => _journal.Edits.Completed(entry, Now, "https://images.segmind.com/a.png", 0.01m, 1, 0.1, 1));
        AssertDurable(() => _journal.Edits.Writing(entry, File));
    }

    [Fact]
    public void How_an_edit_ended_without_an_image_is_on_the_disk()
    {
        EditEntry entry = _journal.Take();
        _journal.Edits.Submitting(entry, 1, Now);
        AssertDurable(() => _journal.Edits.NoJob(entry));
        _journal.Edits.Submitting(entry, 1, Now);
        AssertDurable(() => _journal.Edits.Rejected(entry, "refused"));
        _journal.Edits.Submitting(entry, 1, Now);
        AssertDurable(() => _journal.Edits.Unknown(entry, "no answer"));
        AssertDurable(() => _journal.Edits.Unsettled(entry, "nothing is found"));
        _journal.Edits.Submitted(entry, "request", Now);
        AssertDurable(() => _journal.Edits.Expired(entry, "gone"));
        AssertDurable(() => _journal.Edits.Failed(entry, Now, "failed"));
    }

    [Fact]
    public void The_answer_to_a_synchronous_request_is_on_the_disk()
    {
        EditEntry entry = _journal.Take();
        _journal.Edits.Submitting(entry, 1, Now);
        AssertDurable(() => _journal.Edits.Answered(entry, "request", Now, null, 0.01m, 1, 1));
        AssertDurable(() => _journal.Edits.Answered(entry, null, Now, null, 0.01m, 1, 1, File));
    }

    [Fact]
    public void What_is_told_by_another_row_as_well_need_not_be()
    {
        EditEntry entry = _journal.Take();
        Assert.False(_journal.Store.IsDurable);
        _journal.Edits.Submitting(entry, 1, Now);
        _journal.Edits.Answered(entry, null, Now, null, null, null, null, File);
        _journal.Edits.Received(entry, File);
        Assert.False(_journal.Store.IsDurable);
        _journal.Edits.Release(entry);
        Assert.False(_journal.Store.IsDurable);
    }

    [Fact]
    public void Taking_an_edit_that_was_met_before_is_on_the_disk_as_its_owner_marks_what_it_may_leave_behind()
    {
        _journal.Edits.Release(_journal.Take());
        AssertDurable(() => _journal.Take());
    }

    [Fact]
    public void The_database_is_told()
    {
        Assert.Equal(1, _journal.Store.WriteSoon(connection => connection.Scalar("PRAGMA synchronous")));
        Assert.Equal(2, _journal.Store.Write(connection => connection.Scalar("PRAGMA synchronous")));
        Assert.Equal(1, _journal.Store.WriteSoon(connection => connection.Scalar("PRAGMA synchronous")));
    }

    private void AssertDurable(Action step)
    {
        _journal.Store.WriteSoon(connection => connection.Scalar("SELECT 1"));
        step();
        Assert.True(_journal.Store.IsDurable);
    }
}
