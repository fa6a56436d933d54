using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace QwenEdit.Compatibility;

/// <summary>Renaming, creating and opening files.</summary>
internal static class FileSystem
{
    /// <summary>Renames a file within its folder; with <paramref name="overwrite"/> what is there is replaced in one step.</summary>
    /// <exception cref="IOException">There is a file, and it is not to be overwritten.</exception>
    internal static void MoveFile(string source, string destination, bool overwrite)
    {
#if NET8_0_OR_GREATER
        File.Move(source, destination, overwrite);
#else
        if (Platform.IsWindows)
        {
            // File.Replace would give the new file the rights and attributes of the old one.
            if (!MoveFileExW(LongPath(source), LongPath(destination), overwrite ? MoveReplaces : 0))
            {
                int error = Marshal.GetLastWin32Error();
                string message = $"{new System.ComponentModel.Win32Exception(error).Message.TrimEnd('.')}: '{destination}'";
                throw error == AccessDenied ? new UnauthorizedAccessException(message) : new IOException(message, unchecked((int)0x80070000) | error);
            }
        }
        else if (overwrite && File.Exists(destination))
        {
            File.Replace(source, destination, destinationBackupFileName: null, ignoreMetadataErrors: true);
        }
        else
        {
            File.Move(source, destination);
        }
#endif
    }

#if !NET8_0_OR_GREATER
    private const uint MoveReplaces = 1;
    private const int AccessDenied = 5;
    private const int ShortPath = 248;

    // The system takes a full path of this length only with a prefix.
    private static string LongPath(string path) =>
        path.Length < ShortPath || path.StartsWith(@"\\?\", StringComparison.Ordinal) || path.StartsWith(@"\\.\", StringComparison.Ordinal) ? path
        : path.StartsWith(@"\\", StringComparison.Ordinal) ? @"\\?\UNC" + Path.GetFullPath(path).Substring(1)
        : @"\\?\" + Path.GetFullPath(path);

    [DllImport("kernel32", CharSet = CharSet.Unicode, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool MoveFileExW(string source, string destination, uint flags);
#endif

    /// <summary>Creates a folder that is the user's alone, and its parents so too. On Windows a folder in the profile is so by inheritance.</summary>
    internal static void CreatePrivateFolder(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        if (Path.GetDirectoryName(path) is { Length: > 0 } parent)
        {
            CreatePrivateFolder(parent);
        }
#if NET8_0_OR_GREATER
        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return;
        }
#endif
        Directory.CreateDirectory(path);
    }

    /// <summary>
    /// Creates an empty file that is the user's alone, unless it is there. One that is there is not opened: to close it again would release the
    /// locks that SQLite holds on it in this process.
    /// </summary>
    internal static void CreatePrivateFile(string path)
    {
        if (File.Exists(path))
        {
            return;
        }

        try
        {
            CreateNewPrivateFile(path).Dispose();
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another session was quicker.
        }
    }

    /// <summary>The permissions of a file on Unix; 0 elsewhere.</summary>
    internal static int UnixMode(string path) =>
#if NET8_0_OR_GREATER
        OperatingSystem.IsWindows() ? 0 : (int)File.GetUnixFileMode(path);
#else
        0;
#endif

    /// <summary>Makes a file that is the user's alone, which others may read while it is written without a buffer.</summary>
    /// <exception cref="IOException">It is there already, or can't be made.</exception>
    internal static FileStream CreateNewPrivateFile(string path)
    {
#if NET8_0_OR_GREATER
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
#else
        return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
#endif
    }

    /// <summary>Opens a file to read, without a buffer of its own. Others may go on reading, but not write.</summary>
    internal static FileStream OpenRead(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan);

    /// <summary>Makes a stream, without a buffer of its own, of a file that was opened by a call of Unix.</summary>
    /// <param name="file">The file. It is closed with the stream.</param>
    /// <param name="path">Its path.</param>
    internal static FileStream OpenRead(SafeFileHandle file, string path)
    {
#if NET8_0_OR_GREATER
        return new FileStream(file, FileAccess.Read, bufferSize: 1);
#else
        // Mono makes no stream of a descriptor that it has not opened itself.
        file.Dispose();
        return OpenRead(path);
#endif
    }
}
