using QwenEdit.Compatibility;

namespace QwenEdit.Journal;

/// <summary>
/// An empty file beside the journal that a session keeps locked while it works. The operating system releases the lock when the process ends, in
/// whatever way it ends, so that the lock tells without a clock or a process id whether the session is alive.
/// </summary>
internal sealed class SessionLockFile : IDisposable
{
    private const int Tries = 5;
    private const string Infix = "-session-";

    private readonly FileStream _locked;

    private SessionLockFile(string token, FileStream locked)
    {
        Token = token;
        _locked = locked;
    }

    private enum Look
    {
        Missing,
        Free,
        Locked,
        Unreadable,
    }

    /// <summary>The session's name, which is in the file's. It is never used again.</summary>
    internal string Token { get; }

    /// <summary>Creates a file with a new name, locks it, and checks that the lock keeps others out.</summary>
    /// <param name="journal">The journal's path.</param>
    /// <exception cref="QwenEditException"><see cref="EditError.JournalUnavailable"/>: locks don't work there.</exception>
    internal static SessionLockFile Create(string journal)
    {
        for (int tries = 1; ; tries++)
        {
            string token = Guid.NewGuid().ToString("N");
            FileStream locked;
            try
            {
                locked = FileLocks.CreateLockedFile(PathOf(journal, token), journal);
            }
            catch (IOException) when (tries < Tries)
            {
                // On Unix a file is created first and then locked: another session has just removed it as a leftover.
                continue;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw Unavailable(journal, exception.Message, exception);
            }

            switch (LookAt(PathOf(journal, token)))
            {
                case Look.Locked:
                    return new SessionLockFile(token, locked);
                case Look.Missing when tries < Tries:
                    locked.Dispose();
                    continue;
                default:
                    locked.Dispose();
                    throw Unavailable(
                        journal,
                        "files are not locked there, and processes would take each other's edits. The journal must be on a local disk, and DOTNET_SYSTEM_IO_DISABLEFILELOCKING must not be set.");
            }
        }
    }

    /// <summary>Whether a session keeps its file locked. A file that is missing means that it does not, any error that it may.</summary>
    internal static bool IsLocked(string journal, string token) => LookAt(PathOf(journal, token)) is Look.Locked or Look.Unreadable;

    /// <summary>Removes the files that are not locked any more.</summary>
    /// <param name="journal">The journal's path.</param>
    /// <param name="kept">The sessions whose files are left alone.</param>
    internal static void RemoveLeftovers(string journal, ICollection<string> kept)
    {
        string prefix = PathOf(journal, string.Empty);
        foreach (string path in Directory.EnumerateFiles(Path.GetDirectoryName(journal)!, Path.GetFileName(prefix) + "*"))
        {
            if (!path.StartsWith(prefix, StringComparison.Ordinal) || kept.Contains(path.Substring(prefix.Length)))
            {
                continue;
            }

            try
            {
                // With the lock, so that a session whose file is just being created notices.
                FileLocks.RemoveUnlockedFile(path);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It is locked, or another user's.
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _locked.Dispose();

    private static string PathOf(string journal, string token) => journal + Infix + token;

    private static Look LookAt(string path)
    {
        try
        {
            FileLocks.ExpectUnlockedFile(path);
            return Look.Free;
        }
        catch (FileNotFoundException)
        {
            return Look.Missing;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return IoErrors.IsSharingViolation(exception) ? Look.Locked : Look.Unreadable;
        }
    }

    private static QwenEditException Unavailable(string journal, string why, Exception? inner = null) =>
        new(EditError.JournalUnavailable, $"The journal {journal} can't be used: {why}", inner);
}
