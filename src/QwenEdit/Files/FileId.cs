namespace QwenEdit.Files;

/// <summary>
/// Distinguishes a file from a later one with the same path, length and time: by the inode on Linux, elsewhere by the creation time in ticks (UTC).
/// </summary>
internal static class FileId
{
    /// <summary>Returns the id of a file; 0 if the system provides none.</summary>
    internal static long Of(string path) => Platform.IsLinux ? UnixFile.Look(path)?.Inode ?? 0 : File.GetCreationTimeUtc(path).Ticks;
}
