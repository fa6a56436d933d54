using QwenEdit.Journal;

namespace QwenEdit.Tests.Journal;

/// <summary>A write that the disk has no room for is rolled back by SQLite itself, and the next one may find room again.</summary>
public sealed class FullDiskRollbackTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("qwenedit-journal-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_write_that_found_no_room_does_not_keep_later_ones_from_theirs()
    {
        using OpenJournal journal = new(Path.Combine(_folder, "journal.db"));
        // SQLite's own way to have a full disk: no page more than there are.
        long pages = journal.Store.Read(connection => connection.Scalar("PRAGMA page_count"));
        journal.Store.Read(connection => connection.Scalar($"PRAGMA max_page_count = {pages}"));

        for (int number = 0; number < 3; number++)
        {
            QwenEditException refusal = Assert.Throws<QwenEditException>(() => journal.Edits.TryClaim(
                OpenJournal.Edit(new string('a', 100_000)), out _, out _));
            Assert.Equal(EditError.JournalUnavailable, refusal.Error);
        }

        journal.Store.Read(connection => connection.Scalar("PRAGMA max_page_count = 1000000"));
        Assert.Equal(EditState.Prepared, journal.Take().State);
        Assert.Single(journal.Edits.Select(null, null));
    }
}
