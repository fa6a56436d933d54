using System.Diagnostics;

namespace QwenEdit.Emulator.Spool;

/// <summary>
/// A temporary folder that only this user can enter, and that is removed on disposal. The next process removes the folder of a killed one. Whether a
/// process is alive is known by its lock on a file beside the folder, which the system releases when the process ends.
/// </summary>
internal sealed class PrivateFolder : IDisposable
{
    // Earlier versions, which may run beside this one, took no lock; their folders begin with segmind-emulator-.
    private const string Prefix = "segmind-emulator.";
    private const string LockExtension = ".lock";

    private readonly FileStream held;

    public PrivateFolder(string? parent)
    {
        parent ??= System.IO.Path.GetTempPath();
        Directory.CreateDirectory(parent);
        RemoveLeftovers(parent);
        Path = System.IO.Path.Combine(System.IO.Path.GetFullPath(parent), Prefix + Guid.NewGuid().ToString("N"));
        // The lock is there before the folder, so that a folder without a lock is always a leftover.
        held = Lock(Path);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Path);
        }
        else
        {
            Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public string Path { get; }

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
        held.Dispose();
    }

    private static FileStream Lock(string folder) =>
        new(folder + LockExtension, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);

    private static void RemoveLeftovers(string parent)
    {
        foreach (var leftover in Directory.EnumerateDirectories(parent, Prefix + "*"))
        {
            try
            {
                using (Lock(leftover))
                {
                    Directory.Delete(leftover, recursive: true);
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // It belongs to a running emulator, or to another user.
                Trace.TraceInformation($"{leftover} is not removed: {error.Message}");
            }
        }
    }
}
