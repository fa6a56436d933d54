using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace QwenEdit.Compatibility;

/// <summary>Renaming, creating and opening files.</summary>
internal static class FileSystem
{
    /// <summary>Renames a file within its folder. With <paramref name="overwrite"/>, an existing file is replaced in one step.</summary>
    /// <exception cref="IOException">A file exists and may not be overwritten.</exception>
    internal static void MoveFile(string source, string destination, bool overwrite)
    {
#if NET8_0_OR_GREATER
        File.Move(source, destination, overwrite);
#else
        if (Platform.IsWindows)
        {
            // File.Replace would give the new file the permissions and attributes of the old one.
            if (!NativeMethods.MoveFileExW(LongPath(source), LongPath(destination), overwrite ? MoveReplaces : 0))
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

    // Windows accepts a full path of this length only with a prefix.
    private static string LongPath(string path) =>
        path.Length < ShortPath || path.StartsWith(@"\\?\", StringComparison.Ordinal) || path.StartsWith(@"\\.\", StringComparison.Ordinal) ? path
        : path.StartsWith(@"\\", StringComparison.Ordinal) ? @"\\?\UNC" + Path.GetFullPath(path).Substring(1)
        : @"\\?\" + Path.GetFullPath(path);
#endif

    /// <summary>Creates a folder and its missing parents for the current user only. On Windows, a folder in the profile inherits this.</summary>
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
    /// Creates an empty file for the current user only, if it is missing. An existing file is not opened: closing it would release SQLite's locks on
    /// it in this process.
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
            // Another session has created the file first.
        }
    }

    /// <summary>Returns the permissions of a file on Unix; 0 elsewhere.</summary>
    internal static int UnixMode(string path) =>
#if NET8_0_OR_GREATER
        OperatingSystem.IsWindows() ? 0 : (int)File.GetUnixFileMode(path);
#else
        0;
#endif

    /// <summary>Creates a file for the current user only and opens it without a buffer. Others may read it meanwhile.</summary>
    /// <exception cref="IOException">The file exists, or can't be created.</exception>
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

    /// <summary>Opens a file for reading, without a buffer. Others may read it meanwhile, but not write.</summary>
    internal static FileStream OpenRead(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan);

    /// <summary>Creates an unbuffered stream for a file that was opened by a Unix system call.</summary>
    /// <param name="file">The file. It is closed with the stream.</param>
    /// <param name="path">Its path.</param>
    internal static FileStream OpenRead(SafeFileHandle file, string path)
    {
#if NET8_0_OR_GREATER
        return new FileStream(file, FileAccess.Read, bufferSize: 1);
#else
        // Mono creates no stream for a descriptor that it has not opened.
        file.Dispose();
        return OpenRead(path);
#endif
    }
}
