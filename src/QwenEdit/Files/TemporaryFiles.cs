namespace QwenEdit.Files;

/// <summary>
/// Names the temporary files of a session, and removes those of sessions that have ended. A name is <c>.qwenedit-&lt;journal&gt;-&lt;session&gt;-&lt;random&gt;</c>:
/// nobody can be there first, and it tells whose file it is.
/// </summary>
/// <param name="journal">Eight characters that tell the session's journal from others: the sessions of those are not known here.</param>
/// <param name="session">The session's token.</param>
/// <param name="isAlive">Whether a session of this journal, by its token, still works.</param>
internal sealed class TemporaryFiles(string journal, string session, Func<string, bool> isAlive)
{
    private const string Prefix = ".qwenedit-";

    /// <summary>Where every image goes into a folder of its own, they are not all remembered.</summary>
    private const int MostFolders = 1000;

    private readonly object _turn = new();
    private readonly HashSet<(string Folder, string? Session)> _swept = [];

    /// <summary>Those of a writer without a journal, which nobody removes.</summary>
    internal static TemporaryFiles WithoutJournal { get; } = new("00000000", Guid.NewGuid().ToString("N"), _ => true);

    /// <summary>The path of a new file in the folder of another.</summary>
    /// <param name="destination">The other's full path.</param>
    /// <param name="extension">Such as <c>.tmp</c>.</param>
    internal string Beside(string destination, string extension) =>
        Path.Combine(Path.GetDirectoryName(destination)!, $"{Prefix}{journal}-{session}-{Guid.NewGuid():N}{extension}");

    /// <summary>
    /// Removes what sessions of this journal that have ended left in a folder. A folder is looked through once, and again for a session that is
    /// known to have ended since.
    /// </summary>
    /// <param name="folder">The folder. It need not exist.</param>
    /// <param name="ended">The session that is known to have ended.</param>
    internal void RemoveLeftovers(string folder, string? ended = null)
    {
        lock (_turn)
        {
            if (_swept.Count >= MostFolders)
            {
                _swept.Clear();
            }

            if (!_swept.Add((folder, ended)) || !Directory.Exists(folder))
            {
                return;
            }
        }

        string prefix = $"{Prefix}{journal}-";
        Attempt(() =>
        {
            foreach (string path in Directory.EnumerateFiles(folder, prefix + "*"))
            {
                string[] parts = Path.GetFileName(path).Substring(prefix.Length).Split('-');
                if (parts.Length == 2 && parts[0] != session && !isAlive(parts[0]))
                {
                    Attempt(() => File.Delete(path));
                }
            }
        });
    }

    private static void Attempt(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What can't be removed only takes room.
        }
    }
}
