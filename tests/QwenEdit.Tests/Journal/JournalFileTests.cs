using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using QwenEdit.Journal;

namespace QwenEdit.Tests.Journal;

/// <summary>Which files are taken for a journal, and that no other is touched.</summary>
public sealed class JournalFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("qwenedit-journal-").FullName;

    private string File => Path.Combine(_folder, "journal.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_journal_of_a_newer_version_is_refused_and_left_as_it_is()
    {
        new OpenJournal(File).Dispose();
        Change("PRAGMA user_version = 999");

        QwenEditException refusal = Refuses();

        Assert.Equal(EditError.JournalNewer, refusal.Error);
        Assert.Contains("999", refusal.Message, StringComparison.Ordinal);
    }

    // The numbers of its tables began at 1 too.
    [Theory]
    [InlineData(1)]
    [InlineData(14)]
    public void A_journal_of_a_pre_release_is_refused_and_left_as_it_is(int version)
    {
        Change($"CREATE TABLE edit (id INTEGER PRIMARY KEY, state TEXT); PRAGMA application_id = 0x51574544; PRAGMA user_version = {version}");

        QwenEditException refusal = Refuses();

        Assert.Equal(EditError.JournalDamaged, refusal.Error);
        Assert.Contains("pre-release", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Resume-QwenImageEdit", refusal.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_of_something_else_is_refused_and_left_as_it_is()
    {
        Change("CREATE TABLE bookmarks (url TEXT); INSERT INTO bookmarks VALUES ('https://example.com')");

        Assert.Equal(EditError.JournalDamaged, Refuses().Error);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(100_000)]
    public void A_file_that_is_no_database_is_refused_and_left_as_it_is(int length)
    {
        System.IO.File.WriteAllBytes(File, RandomNumberGenerator.GetBytes(length));

        Assert.Equal(EditError.JournalDamaged, Refuses().Error);
    }

    [Fact]
    public void A_journal_that_was_cut_short_is_refused_and_left_as_it_is()
    {
        using (OpenJournal journal = new(File))
        {
            journal.Take();
        }

        using (FileStream stream = new(File, FileMode.Open))
        {
            stream.SetLength(stream.Length / 2);
        }

        Assert.Equal(EditError.JournalDamaged, Refuses().Error);
    }

    [Fact]
    public void An_empty_file_becomes_a_journal()
    {
        System.IO.File.WriteAllBytes(File, []);

        using OpenJournal journal = new(File);

        Assert.Equal(EditState.Prepared, journal.Take().State);
    }

    [Fact]
    public void A_network_share_is_refused()
    {
        QwenEditException refusal = Assert.Throws<QwenEditException>(() => JournalStore.Open(@"\\server\share\journal.db"));

        Assert.Equal(EditError.JournalUnavailable, refusal.Error);
        Assert.Contains("network share", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(@"\\server\share\journal.db", true)]
    [InlineData("//server/share/journal.db", true)]
    [InlineData(@"/\server/share/journal.db", true)]
    [InlineData(@"\\?\UNC\server\share\journal.db", true)]
    [InlineData("//?/unc/server/share/journal.db", true)]
    [InlineData(@"\\?\Z:\journal.db", false)]
    [InlineData(@"\\.\Z:\journal.db", false)]
    [InlineData(@"C:\journal.db", false)]
    [InlineData("/home/journal.db", false)]
    public void A_share_is_known_by_each_of_its_names_on_Windows(string path, bool isShare) => Assert.Equal(isShare, JournalLocation.IsShare(path));

    // Else it would be in the current directory, and paid for again from another one.
    [Theory]
    [InlineData("")]
    [InlineData("AppData")]
    public void A_user_without_a_folder_has_no_journal(string folder)
    {
        QwenEditException refusal = Assert.Throws<QwenEditException>(() => JournalLocation.Below(folder, "QwenEdit"));

        Assert.Equal(EditError.JournalUnavailable, refusal.Error);
        Assert.Equal(Path.Combine(_folder, "QwenEdit", "journal.db"), JournalLocation.Below(_folder, "QwenEdit"));
    }

    [Fact]
    public void A_folder_that_can_not_be_made_is_refused()
    {
        System.IO.File.WriteAllText(Path.Combine(_folder, "file"), "");

        QwenEditException refusal = Assert.Throws<QwenEditException>(() => JournalStore.Open(Path.Combine(_folder, "file", "journal.db")));

        Assert.Equal(EditError.JournalUnavailable, refusal.Error);
        Assert.Contains("journal.db", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Opening_a_journal_again_changes_nothing_of_its_tables()
    {
        new OpenJournal(File).Dispose();
        byte[] before = System.IO.File.ReadAllBytes(File);

        JournalStore.Open(File).Dispose();

        Assert.Equal(before, System.IO.File.ReadAllBytes(File));
    }

    [Fact]
    public void Two_that_have_it_open_see_each_others_steps()
    {
        using OpenJournal one = new(File);
        using OpenJournal other = new(File);
        for (int number = 0; number < 20; number++)
        {
            OpenJournal writer = number % 2 == 0 ? one : other;
            OpenJournal reader = number % 2 == 0 ? other : one;
            EditEntry entry = writer.Take($"edit {number}");
            writer.Edits.Submitting(entry, 1, DateTimeOffset.UnixEpoch);
            writer.Edits.Submitted(entry, $"request {number}", DateTimeOffset.UnixEpoch);

            Assert.Equal(entry.Id, reader.Edits.FindByRequest($"request {number}")?.Id);
        }
    }

    private QwenEditException Refuses()
    {
        byte[] before = System.IO.File.ReadAllBytes(File);
        QwenEditException refusal = Assert.Throws<QwenEditException>(() => JournalStore.Open(File));
        Assert.Equal(before, System.IO.File.ReadAllBytes(File));
        Assert.Equal([File], Directory.GetFiles(_folder));
        Assert.Contains(File, refusal.Message, StringComparison.Ordinal);
        return refusal;
    }

    private void Change(string sql)
    {
        using SqliteConnection connection = new($"Data Source={File};Pooling=False");
        connection.Open();
        connection.Execute(sql);
    }
}
