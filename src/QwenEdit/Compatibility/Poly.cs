using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
#if !NET8_0_OR_GREATER
using System.Net.Http;
using QwenEdit.Segmind.Http;
#endif

namespace QwenEdit.Compatibility;

/// <summary>The differences between .NET and .NET Framework, all of them.</summary>
internal static class Poly
{
    /// <summary>Whether this is Windows.</summary>
    internal static bool IsWindows { get; } = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    /// <summary>How paths compare here: without case on Windows and macOS.</summary>
    internal static StringComparison PathComparison { get; } =
        RuntimeInformation.IsOSPlatform(OSPlatform.Windows) || RuntimeInformation.IsOSPlatform(OSPlatform.OSX)
            ? StringComparison.OrdinalIgnoreCase
            : StringComparison.Ordinal;

    /// <summary>Makes the handler for the API host. It follows no redirect, which could lead the key to another host.</summary>
    internal static HttpMessageHandler CreateApiHandler(IWebProxy? proxy) => CreateHandler(proxy, followRedirects: false);

    /// <summary>Makes the handler for output files.</summary>
    internal static HttpMessageHandler CreateOutputHandler(IWebProxy? proxy) => CreateHandler(proxy, followRedirects: true);

    /// <summary>
    /// A question, over HTTP/2 where that is offered. Submissions are not: a server that ends an HTTP/2 connection, as all do now and then, leaves
    /// requests that began on it to be sent again, and a submission that may have begun is never sent again. .NET Framework has HTTP/1.1 only.
    /// </summary>
    internal static HttpRequestMessage Get(Uri uri) => new(HttpMethod.Get, uri)
    {
#if NET8_0_OR_GREATER
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
#endif
    };

#if NET8_0_OR_GREATER
    private static SocketsHttpHandler CreateHandler(IWebProxy? proxy, bool followRedirects)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = followRedirects,
            // No trace of the caller's goes to other hosts, which make nothing of it; the module tells its requests by itself.
            ActivityHeadersPropagator = null,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(30),
            EnableMultipleHttp2Connections = true,
            // A name that has moved is noticed within minutes.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseCookies = false,
        };
        if (IsWindows)
        {
            // For a proxy that the system names and that asks who the user is.
            handler.DefaultProxyCredentials = CredentialCache.DefaultCredentials;
        }

        if (proxy is not null)
        {
            handler.Proxy = proxy;
        }

        return handler;
    }
#else
    private static FrameworkHandler CreateHandler(IWebProxy? proxy, bool followRedirects) => new(proxy, followRedirects);
#endif

    /// <summary>The proxy that the system or the environment names.</summary>
    internal static IWebProxy? SystemProxy =>
#if NET8_0_OR_GREATER
        System.Net.Http.HttpClient.DefaultProxy;
#else
        WebRequest.DefaultWebProxy;
#endif

    /// <summary>Whether a proxy may have this scheme.</summary>
    internal static bool IsProxyScheme(string scheme) =>
#if NET8_0_OR_GREATER
        scheme is "http" or "https" or "socks4" or "socks4a" or "socks5";
#else
        scheme is "http";
#endif

    /// <summary>Waits by a clock.</summary>
    internal static Task Pause(this TimeProvider time, TimeSpan span, CancellationToken cancellationToken) =>
#if NET8_0_OR_GREATER
        Task.Delay(span, time, cancellationToken);
#else
        time.Delay(span, cancellationToken);
#endif

    /// <summary>Makes a token that is cancelled after a time by a clock.</summary>
    internal static CancellationTokenSource CancelAfter(this TimeProvider time, TimeSpan span) =>
#if NET8_0_OR_GREATER
        new(span, time);
#else
        time.CreateCancellationTokenSource(span);
#endif

    /// <summary>Opens a response's body; on .NET Framework a cancellation closes the response, as reads don't heed a token there.</summary>
    internal static async Task<Stream> ReadAsStreamAsync(this HttpResponseMessage response, CancellationToken cancellationToken)
    {
#if NET8_0_OR_GREATER
        return await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
#else
        cancellationToken.Register(response.Dispose);
        return await response.Content.ReadAsStreamAsync().ConfigureAwait(false);
#endif
    }

    /// <summary>Renames a file within its folder; with <paramref name="overwrite"/> what is there is replaced in one step.</summary>
    /// <exception cref="IOException">There is a file, and it is not to be overwritten.</exception>
    internal static void MoveFile(string source, string destination, bool overwrite)
    {
#if NET8_0_OR_GREATER
        File.Move(source, destination, overwrite);
#else
        if (IsWindows)
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

    /// <summary>
    /// Creates an empty file that no other handle may open while this one is open, and that is removed with it. On Unix the lock is flock's: other
    /// processes with the right to read the file see it, also in another container.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="like">Another file: on Unix, whoever may read that one may read this one.</param>
    /// <exception cref="IOException">It is there already, or can't be created.</exception>
    internal static FileStream CreateLockedFile(string path, string like)
    {
#if NET8_0_OR_GREATER
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.DeleteOnClose,
            BufferSize = 0,
        };
        if (OperatingSystem.IsWindows())
        {
            return new FileStream(path, options);
        }

        UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        options.UnixCreateMode = mode;
        FileStream file = new(path, options);
        // The umask must not hide it from whoever shares the journal.
        File.SetUnixFileMode(file.SafeFileHandle, mode | (File.GetUnixFileMode(like) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)));
        return file;
#else
        return Flock(new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose), LockExclusive);
#endif
    }

    /// <summary>Removes a file, unless another handle keeps it locked. It is locked while it is removed.</summary>
    /// <exception cref="IOException">It is locked.</exception>
    internal static void RemoveUnlockedFile(string path)
    {
#if !NET8_0_OR_GREATER
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
        {
            using FileStream file = Flock(new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 1), LockExclusive);
            File.Delete(path);
            return;
        }
#endif
        new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
    }

    /// <summary>Opens a file to read, and closes it.</summary>
    /// <exception cref="IOException">Among others: another handle keeps it locked.</exception>
    internal static void ExpectUnlockedFile(string path)
    {
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
#if !NET8_0_OR_GREATER
        file = Flock(file, LockShared);
#endif
        file.Dispose();
    }

#if !NET8_0_OR_GREATER
    private const int LockShared = 1;
    private const int LockExclusive = 2;
    private const int LockWithoutWaiting = 4;

    // On Mono, FileShare is known within the process only.
    private static FileStream Flock(FileStream file, int operation)
    {
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Windows)
            && flock(file.SafeFileHandle.DangerousGetHandle().ToInt32(), operation | LockWithoutWaiting) != 0)
        {
            int error = Marshal.GetLastWin32Error();
            file.Dispose();
            throw new IOException($"{file.Name} is locked.", error);
        }

        return file;
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int flock(int descriptor, int operation);
#endif

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

    /// <summary>Whether an exception says that another handle keeps a file from being opened.</summary>
    internal static bool IsSharingViolation(Exception exception) => exception is IOException && (RuntimeInformation.IsOSPlatform(OSPlatform.Windows)
        // ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION.
        ? (exception.HResult & 0xFFFF) is 0x20 or 0x21
        // EWOULDBLOCK of Linux and of macOS; Mono says it as Windows does.
        : exception.HResult is 11 or 35 or unchecked((int)0x80070020));

    /// <summary>
    /// Whether an exception may mean that another program holds a file that is to be renamed or removed: Windows tells some of these as missing
    /// rights.
    /// </summary>
    internal static bool IsHeld(Exception exception) => IsSharingViolation(exception)
        || (IsWindows && (exception is UnauthorizedAccessException
            // ERROR_ACCESS_DENIED, ERROR_USER_MAPPED_FILE.
            || (exception is IOException && (exception.HResult & 0xFFFF) is 0x5 or 0x4C8)));

    /// <summary>Whether an exception says that a disk, or a user's part of it, is full.</summary>
    internal static bool IsDiskFull(Exception exception) => exception is IOException && (RuntimeInformation.IsOSPlatform(OSPlatform.Windows)
        // ERROR_DISK_FULL, ERROR_HANDLE_DISK_FULL, ERROR_DISK_QUOTA_EXCEEDED.
        ? (exception.HResult & 0xFFFF) is 0x70 or 0x27 or 0x50F
        // ENOSPC, EDQUOT of Linux and of macOS.
        : exception.HResult is 28 or 122 or 69);

    /// <summary>
    /// Calls back when the system asks the process to end (SIGTERM, SIGHUP; on Windows the closing of the console, a shutdown). What the host or
    /// the runtime does about it happens when the call returns. .NET Framework has no such thing. Ctrl+C is PowerShell's own.
    /// </summary>
    internal static IDisposable[] OnTermination(Action call) =>
#if NET8_0_OR_GREATER
        [PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => call()), PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => call())];
#else
        [];
#endif

    /// <summary>The shortest text that is read as this number again. .NET Framework has no format for it.</summary>
    internal static string ShortestText(double number)
    {
#if NET8_0_OR_GREATER
        return number.ToString("R", CultureInfo.InvariantCulture);
#else
        string text = number.ToString("G15", CultureInfo.InvariantCulture);
        for (int digits = 16; digits <= 17 && double.Parse(text, CultureInfo.InvariantCulture) != number; digits++)
        {
            text = number.ToString($"G{digits}", CultureInfo.InvariantCulture);
        }

        return text;
#endif
    }

    /// <inheritdoc cref="ShortestText(double)"/>
    internal static string ShortestText(float number)
    {
#if NET8_0_OR_GREATER
        return number.ToString("R", CultureInfo.InvariantCulture);
#else
        string text = number.ToString("G7", CultureInfo.InvariantCulture);
        for (int digits = 8; digits <= 9 && float.Parse(text, CultureInfo.InvariantCulture) != number; digits++)
        {
            text = number.ToString($"G{digits}", CultureInfo.InvariantCulture);
        }

        return text;
#endif
    }

    /// <summary>A random number from 0 to 1.</summary>
    internal static double Chance() =>
#if NET8_0_OR_GREATER
        Random.Shared.NextDouble();
#else
        (Guid.NewGuid().GetHashCode() & 0xFFFFFF) / (double)0x1000000;
#endif

    /// <summary>A random seed from 0 to the service's highest, 999999999999999.</summary>
    internal static long NextSeed()
    {
        const long Seeds = 1_000_000_000_000_000;
#if NET8_0_OR_GREATER
        return Random.Shared.NextInt64(Seeds);
#else
        byte[] bytes = Guid.NewGuid().ToByteArray();
        return (long)((BitConverter.ToUInt64(bytes, 0) ^ BitConverter.ToUInt64(bytes, 8)) % Seeds);
#endif
    }
}
