namespace QwenEdit.Journal;

/// <summary>
/// An empty file beside the journal that a session keeps locked while it works. The operating system releases the lock whenever and however the
/// process ends. So the lock shows whether the session is alive, without a clock or a process id.
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

    /// <summary>The session's name, which is part of the file name. It is never reused.</summary>
    internal string Token { get; }

    /// <summary>Creates a file with a new name, locks it, and checks that other handles can't open it.</summary>
    /// <param name="journal">The journal's path.</param>
    /// <exception cref="QwenEditException"><see cref="EditError.JournalUnavailable"/>: locks don't work in the journal's folder.</exception>
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
                // On Unix, the file is created before it is locked. Another session may have removed it in between as a leftover.
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

    /// <summary>
    /// Whether a session may be alive: its file is locked, or can't be checked because of an error. If the file is missing, the session has ended.
    /// </summary>
    internal static bool IsLocked(string journal, string token) => LookAt(PathOf(journal, token)) is Look.Locked or Look.Unreadable;

    /// <summary>Removes the files that are no longer locked.</summary>
    /// <param name="journal">The journal's path.</param>
    /// <param name="kept">The sessions whose files are kept.</param>
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
                // The file is locked during the removal, so that a session that is just creating it notices.
                FileLocks.RemoveUnlockedFile(path);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The file is locked, or belongs to another user.
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
