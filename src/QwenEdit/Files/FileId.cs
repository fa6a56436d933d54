using System.Runtime.InteropServices;

namespace QwenEdit.Files;

/// <summary>
/// Distinguishes a file from a later one with the same path, length and time: by the inode on Linux, elsewhere by the creation time in ticks (UTC).
/// </summary>
internal static class FileId
{
    private static readonly bool HasInodes = RuntimeInformation.IsOSPlatform(OSPlatform.Linux);

    /// <summary>Returns the id of a file; 0 if the system provides none.</summary>
    internal static long Of(string path) => HasInodes ? UnixFile.Look(path)?.Inode ?? 0 : File.GetCreationTimeUtc(path).Ticks;
}
