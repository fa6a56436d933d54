using Microsoft.Data.Sqlite;
using QwenEdit.Journal;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Journal;

/// <summary>What a copy of the journal has, as about_QwenEdit_Journal says.</summary>
public sealed class JournalCopyTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly OpenJournal _journal;

    public JournalCopyTests()
    {
        _journal = new OpenJournal(_folder.At("journal.db"));
        EditEntry entry = _journal.Take();
        _journal.Edits.Submitting(entry, 1, DateTimeOffset.UnixEpoch);
        _journal.Edits.Submitted(entry, "job", DateTimeOffset.UnixEpoch);
    }

    public void Dispose()
    {
        _journal.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_journal_is_three_files_and_those_of_its_sessions() => Assert.Equal(
        ["journal.db", $"journal.db-session-{_journal.Presence.Token}", "journal.db-shm", "journal.db-wal"], _folder.Names);

    // As a killed process leaves them.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_copy_of_the_three_has_what_was_paid_for_and_one_without_the_log_has_not(bool hasLog)
    {
        string copy = Directory.CreateDirectory(_folder.At("copy")).FullName;
        foreach (string name in (string[])["journal.db", .. hasLog ? (string[])["journal.db-wal", "journal.db-shm"] : []])
        {
            File.Copy(_folder.At(name), Path.Combine(copy, name));
        }

        using OpenJournal copied = new(Path.Combine(copy, "journal.db"));

        Assert.Equal(hasLog, copied.Edits.FindByRequest("job") is not null);
        // Its session is none of this journal's: what it had is taken.
        Assert.True(copied.Edits.TryClaim(OpenJournal.Edit(), out _, out _));
    }

    [Fact]
    public void A_copy_that_SQLite_makes_while_calls_run_has_it_too()
    {
        using (SqliteConnection connection = new($"Data Source={_folder.At("journal.db")};Pooling=False"))
        {
            connection.Open();
            connection.Execute("VACUUM INTO $copy", ("$copy", _folder.At("copy.db")));
        }

        using OpenJournal copied = new(_folder.At("copy.db"));

        Assert.NotNull(copied.Edits.FindByRequest("job"));
    }

    [Fact]
    public void When_the_last_call_has_ended_the_journal_is_one_file()
    {
        _journal.Dispose();

        Assert.Equal(["journal.db"], _folder.Names);
    }
}
