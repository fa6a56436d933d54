namespace QwenEdit.Compatibility;

/// <summary>Classifies an <see cref="IOException"/>.</summary>
internal static class IoErrors
{
    /// <summary>Whether an exception means that a file can't be opened because of another handle.</summary>
    internal static bool IsSharingViolation(Exception exception) => exception is IOException && (Platform.IsWindows
        // ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION.
        ? (exception.HResult & 0xFFFF) is 0x20 or 0x21
        // EWOULDBLOCK on Linux and on macOS; Mono uses the code of Windows.
        : exception.HResult is 11 or 35 or unchecked((int)0x80070020));

    /// <summary>
    /// Whether an exception may mean that another program has opened a file that is to be renamed or removed. Windows reports some of these cases as
    /// missing permissions.
    /// </summary>
    internal static bool IsHeld(Exception exception) => IsSharingViolation(exception)
        || (Platform.IsWindows && (exception is UnauthorizedAccessException
            // ERROR_ACCESS_DENIED, ERROR_USER_MAPPED_FILE.
            || (exception is IOException && (exception.HResult & 0xFFFF) is 0x5 or 0x4C8)));

    /// <summary>Whether an exception means that the disk, or the user's quota, is full.</summary>
    internal static bool IsDiskFull(Exception exception) => exception is IOException && (Platform.IsWindows
        // ERROR_DISK_FULL, ERROR_HANDLE_DISK_FULL, ERROR_DISK_QUOTA_EXCEEDED.
        ? (exception.HResult & 0xFFFF) is 0x70 or 0x27 or 0x50F
        // ENOSPC; EDQUOT on Linux and on macOS.
        : exception.HResult is 28 or 122 or 69);
}
