using System.Runtime.InteropServices;

namespace QwenEdit.Journal;

/// <summary>Finds the location of the journal, and checks that the location is allowed.</summary>
internal static class JournalLocation
{
    private const int GroupWrite = 0x10;
    private const int OtherWrite = 0x02;

    /// <summary>
    /// The default path for the current user: <c>%LOCALAPPDATA%\QwenEdit</c> on Windows, elsewhere <c>$XDG_STATE_HOME/qwenedit</c> or
    /// <c>~/.local/state/qwenedit</c>.
    /// </summary>
    /// <exception cref="QwenEditException"><see cref="EditError.JournalUnavailable"/>: the user has no such folder.</exception>
    internal static string Default
    {
        get
        {
            if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
            {
                return Below(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "QwenEdit");
            }

            string? state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
            return state is { Length: > 0 } && Path.IsPathRooted(state)
                ? Below(state, "qwenedit")
                // The XDG specification requires that relative paths are ignored.
                : Below(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state", "qwenedit");
        }
    }

    /// <summary>Returns the path of the journal in a folder of the user.</summary>
    /// <exception cref="QwenEditException">
    /// <see cref="EditError.JournalUnavailable"/>: the folder is not known, for example for a service account without a profile. The journal would be
    /// created in the current directory, and a call in another directory would not know which edits are paid for.
    /// </exception>
    internal static string Below(string folder, params string[] names) => Path.IsPathRooted(folder)
        ? Path.Combine([folder, .. names, "journal.db"])
        : throw new QwenEditException(
            EditError.JournalUnavailable, $"There is no place for the journal: the user {Environment.UserName} has no folder of their own.");

    /// <summary>
    /// Creates the folder, its parents and the file for the current user only, and checks that the file can be written, and not by every user.
    /// </summary>
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
            FileSystem.CreatePrivateFolder(Path.GetDirectoryName(path)!);
            FileSystem.CreatePrivateFile(path);
            if ((FileSystem.UnixMode(path) & OtherWrite) != 0)
            {
                throw new QwenEditException(
                    EditError.JournalUnavailable,
                    $"The journal {path} can be written by every user of this machine, who could cause edits to be paid for again. Use 'chmod o-w'.");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new QwenEditException(EditError.JournalUnavailable, $"The journal {path} can't be written: {exception.Message}", exception);
        }
    }

    /// <summary>Whether the users of the file's group may write to the file.</summary>
    internal static bool MayGroupWrite(string path) => (FileSystem.UnixMode(path) & GroupWrite) != 0;

    /// <summary>Whether a Windows path names a share on a server: \\server\share with either slash, or \\?\UNC\server\share.</summary>
    internal static bool IsShare(string path)
    {
        path = path.Replace('/', '\\');
        return path.StartsWith(@"\\?\", StringComparison.Ordinal) || path.StartsWith(@"\\.\", StringComparison.Ordinal)
            ? path.Substring(4).StartsWith(@"UNC\", StringComparison.OrdinalIgnoreCase)
            : path.StartsWith(@"\\", StringComparison.Ordinal);
    }

    private static bool IsOnNetwork(string path)
    {
        // On other systems, //server/share is the path /server/share.
        if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? IsShare(path) : path.StartsWith(@"\\", StringComparison.Ordinal))
        {
            return true;
        }

        // For \\?\Z:\folder, DriveInfo needs the plain name of the drive.
        if (path.StartsWith(@"\\?\", StringComparison.Ordinal) || path.StartsWith(@"\\.\", StringComparison.Ordinal))
        {
            path = path.Substring(4);
        }

        // A folder that does not exist yet is on the same drive as its first existing parent.
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
            // The type of the drive is not known. Writing to it shows whether it can be used.
            return false;
        }
    }
}
