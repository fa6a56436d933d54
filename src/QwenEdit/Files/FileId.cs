using System.Runtime.InteropServices;

namespace QwenEdit.Files;

/// <summary>
/// Tells a file from another that took its path, its length and its time: by the inode on Linux; elsewhere by the time at which it was made,
/// in ticks (UTC).
/// </summary>
internal static class FileId
{
    private static readonly bool HasInodes = RuntimeInformation.IsOSPlatform(OSPlatform.Linux);

    /// <summary>The number of a file; 0 where the system tells none.</summary>
    internal static long Of(string path) => HasInodes ? UnixFile.Look(path)?.Inode ?? 0 : File.GetCreationTimeUtc(path).Ticks;
}
