using QwenEdit.Journal;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Journal;

/// <summary>The lock by which a session is known to be alive.</summary>
public sealed class SessionLockFileTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string Journal => _folder.At("journal.db");

    public SessionLockFileTests() => _folder.Write("journal.db", []);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_is_locked_while_it_is_open_and_gone_afterwards()
    {
        using SessionLockFile file = SessionLockFile.Create(Journal);
        Assert.Equal(["journal.db", $"journal.db-session-{file.Token}"], _folder.Names);
        Assert.True(SessionLockFile.IsLocked(Journal, file.Token));

        file.Dispose();

        Assert.False(SessionLockFile.IsLocked(Journal, file.Token));
        Assert.Equal(["journal.db"], _folder.Names);
    }

    [Fact]
    public void Many_sessions_that_begin_and_clear_up_at_once_all_have_their_locks()
    {
        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 16 }, _ =>
        {
            using SessionLockFile file = SessionLockFile.Create(Journal);
            // Another's file may be there and not locked yet: it is removed, and its session takes another one.
            SessionLockFile.RemoveLeftovers(Journal, []);
            Assert.True(SessionLockFile.IsLocked(Journal, file.Token));
        });

        Assert.Equal(["journal.db"], _folder.Names);
    }

    [Fact]
    public void Other_files_beside_the_journal_are_left_alone()
    {
        string[] names = ["journal.db", "journal.db-wal", "other.db-session-0123", "journal.db.session"];
        foreach (string name in names)
        {
            _folder.Write(name, []);
        }

        SessionLockFile.RemoveLeftovers(Journal, []);

        Assert.Equal(names.Order(), _folder.Names);
    }
}
