using System.Runtime.InteropServices;
using QwenEdit.Compatibility;

namespace QwenEdit.Journal;

/// <summary>Where the journal lies, and whether it may lie there.</summary>
internal static class JournalLocation
{
    private const int GroupWrite = 0x10;
    private const int OtherWrite = 0x02;

    /// <summary>
    /// The user's own place: <c>%LOCALAPPDATA%\QwenEdit</c> on Windows, elsewhere <c>$XDG_STATE_HOME/qwenedit</c> or
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
                // The specification has relative values ignored.
                : Below(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state", "qwenedit");
        }
    }

    /// <summary>The journal below a folder of the user's.</summary>
    /// <exception cref="QwenEditException">
    /// <see cref="EditError.JournalUnavailable"/>: the folder is not known, as of a service account without a profile. The journal would lie in
    /// the current directory, and another one would not know what was paid for.
    /// </exception>
    internal static string Below(string folder, params string[] names) => Path.IsPathRooted(folder)
        ? Path.Combine([folder, .. names, "journal.db"])
        : throw new QwenEditException(
            EditError.JournalUnavailable, $"There is no place for the journal: the user {Environment.UserName} has no folder of their own.");

    /// <summary>Creates the folder, its parents and the file, for the user alone, and sees that they can be written and by whom.</summary>
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
                    $"The journal {path} may be written by every user of this machine, who could have edits paid for again. Use 'chmod o-w'.");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new QwenEditException(EditError.JournalUnavailable, $"The journal {path} can't be written: {exception.Message}", exception);
        }
    }

    /// <summary>Whether other users of the file's group may write it.</summary>
    internal static bool MayGroupWrite(string path) => (FileSystem.UnixMode(path) & GroupWrite) != 0;

    /// <summary>Whether a path of Windows names a share on a server: \\server\share, with either slash, also as \\?\UNC\server\share.</summary>
    internal static bool IsShare(string path)
    {
        path = path.Replace('/', '\\');
        return path.StartsWith(@"\\?\", StringComparison.Ordinal) || path.StartsWith(@"\\.\", StringComparison.Ordinal)
            ? path.Substring(4).StartsWith(@"UNC\", StringComparison.OrdinalIgnoreCase)
            : path.StartsWith(@"\\", StringComparison.Ordinal);
    }

    private static bool IsOnNetwork(string path)
    {
        // Elsewhere //server/share is /server/share.
        if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? IsShare(path) : path.StartsWith(@"\\", StringComparison.Ordinal))
        {
            return true;
        }

        // \\?\Z:\folder: drives are known by their plain names.
        if (path.StartsWith(@"\\?\", StringComparison.Ordinal) || path.StartsWith(@"\\.\", StringComparison.Ordinal))
        {
            path = path.Substring(4);
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
