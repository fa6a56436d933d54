using System.Runtime.InteropServices;

namespace QwenEdit.Runs;

/// <summary>
/// Has the C library of Linux hand back to the system, every so many edits, what the just-in-time compiler and SQLite have freed. By itself
/// glibc keeps it, once for each of its arenas and so for every few threads. Nothing that is in use moves, and no setting of the process
/// changes. Elsewhere it does nothing.
/// </summary>
internal static class FreedMemory
{
    private const int Often = 250;

    private static bool _isThere = RuntimeInformation.IsOSPlatform(OSPlatform.Linux);
    private static int _ended;

    /// <summary>One more edit of this process has ended.</summary>
    internal static void EditEnded()
    {
        if (Interlocked.Increment(ref _ended) % Often == 0)
        {
            HandBack();
        }
    }

    /// <summary>Does it now.</summary>
    /// <returns>Whether the C library can; glibc can, musl can't.</returns>
    internal static bool HandBack()
    {
        if (!_isThere)
        {
            return false;
        }

        try
        {
            // malloc_trim(3): whether there was anything to hand back is no matter.
            _ = NativeMethods.malloc_trim(UIntPtr.Zero);
        }
        catch (EntryPointNotFoundException)
        {
            _isThere = false;
        }

        return _isThere;
    }
}
