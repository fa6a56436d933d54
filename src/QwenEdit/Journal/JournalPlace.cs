using System.Runtime.InteropServices;

namespace QwenEdit.Journal;

/// <summary>Where the journal lies, and whether it may lie there.</summary>
internal static class JournalPlace
{
    /// <summary>
    /// The user's own place: <c>%LOCALAPPDATA%\QwenEdit</c> on Windows, elsewhere <c>$XDG_STATE_HOME/qwenedit</c> or
    /// <c>~/.local/state/qwenedit</c>.
    /// </summary>
    internal static string Default
    {
        get
        {
            if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
            {
                return Path.Combine(
                    Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "QwenEdit", "journal.db");
            }

            string? state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
            return Path.Combine(
                // The specification has relative values ignored.
                state is { Length: > 0 } && Path.IsPathRooted(state)
                    ? state
                    : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state"),
                "qwenedit",
                "journal.db");
        }
    }

    /// <summary>Makes the folder and the file, for the user alone, and sees that they can be written.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.JournalUnavailable"/>.</exception>
    internal static void Prepare(string path)
    {
        if (IsOnNetwork(path))
        {
            throw new QwenEditException(
                EditError.JournalUnavailable, $"The journal {path} would be on a network share, where locks can't be relied on.");
        }

        try
        {
            Poly.CreatePrivateFolder(Path.GetDirectoryName(path)!);
            Poly.CreatePrivateFile(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new QwenEditException(EditError.JournalUnavailable, $"The journal {path} can't be written: {exception.Message}", exception);
        }
    }

    private static bool IsOnNetwork(string path)
    {
        if (path.StartsWith(@"\\", StringComparison.Ordinal))
        {
            return true;
        }

        // A folder that is still to be made is where its first existing parent is.
        string? folder = Path.GetDirectoryName(path);
        while (folder is not null && !Directory.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder);
        }

        try
        {
            return folder is not null && new DriveInfo(folder).DriveType == DriveType.Network;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or UnauthorizedAccessException)
        {
            // A place that can't say what it is; writing to it will tell.
            return false;
        }
    }
}
