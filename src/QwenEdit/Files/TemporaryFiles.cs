namespace QwenEdit.Files;

/// <summary>
/// Names the temporary files of a session, and removes those of ended sessions. A name is
/// <c>.qwenedit-&lt;journal&gt;-&lt;session&gt;-&lt;random&gt;</c>, so that nobody can create the file first, and the name says which session owns
/// it.
/// </summary>
/// <param name="journal">Eight characters that identify the session's journal. The sessions of other journals are not known here.</param>
/// <param name="session">The session's token.</param>
/// <param name="isAlive">Whether a session of this journal, given by its token, is alive.</param>
internal sealed class TemporaryFiles(string journal, string session, Func<string, bool> isAlive)
{
    private const string Prefix = ".qwenedit-";

    /// <summary>The number of folders to remember. A run may use a new folder for each image.</summary>
    private const int MostFolders = 1000;

    private readonly object _lock = new();
    private readonly HashSet<(string Folder, string? Session)> _searched = [];

    /// <summary>The temporary files of a writer without a journal. No session removes them.</summary>
    internal static TemporaryFiles WithoutJournal { get; } = new("00000000", Guid.NewGuid().ToString("N"), _ => true);

    /// <summary>Returns the path of a new file in the same folder as another file.</summary>
    /// <param name="destination">The full path of the other file.</param>
    /// <param name="extension">Such as <c>.tmp</c>.</param>
    internal string Beside(string destination, string extension) =>
        Path.Combine(Path.GetDirectoryName(destination)!, $"{Prefix}{journal}-{session}-{Guid.NewGuid():N}{extension}");

    /// <summary>
    /// Removes the files of this journal's ended sessions from a folder. A folder is searched once, and again for each session that is known to have
    /// ended since.
    /// </summary>
    /// <param name="folder">The folder. It need not exist.</param>
    /// <param name="ended">A session that is known to have ended.</param>
    internal void RemoveLeftovers(string folder, string? ended = null)
    {
        lock (_lock)
        {
            if (_searched.Count >= MostFolders)
            {
                _searched.Clear();
            }

            if (!_searched.Add((folder, ended)) || !Directory.Exists(folder))
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
            // A file that can't be removed only occupies space.
        }
    }
}
