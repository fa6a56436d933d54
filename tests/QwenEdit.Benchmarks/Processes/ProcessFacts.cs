using System.Diagnostics;
using System.Globalization;

namespace QwenEdit.Benchmarks.Processes;

/// <summary>What the system knows of a process. Elsewhere than on Linux a peak can't be set back, and handles are all that the system counts as such.</summary>
/// <param name="Resident">Its resident memory, in bytes.</param>
/// <param name="Handles">Its open files and sockets.</param>
/// <param name="Threads">Its threads.</param>
internal sealed record ProcessFacts(long Resident, int Handles, int Threads)
{
    internal static ProcessFacts Of(Process process)
    {
        process.Refresh();
        string folder = $"/proc/{process.Id}/fd";
        return new ProcessFacts(
            process.WorkingSet64, Directory.Exists(folder) ? Directory.GetFileSystemEntries(folder).Length : process.HandleCount, process.Threads.Count);
    }

    /// <summary>The most memory that was resident since <see cref="ResetPeak"/>, in bytes.</summary>
    internal static long Peak(Process process)
    {
        process.Refresh();
        return Number($"/proc/{process.Id}/status", "VmHWM:") * 1024 ?? process.PeakWorkingSet64;
    }

    /// <summary>Begins a new peak at what is resident now.</summary>
    internal static void ResetPeak(Process process)
    {
        string path = $"/proc/{process.Id}/clear_refs";
        if (File.Exists(path))
        {
            File.WriteAllText(path, "5");
        }
    }

    /// <summary>How many bytes it has read so far, from files and sockets; <see langword="null"/> where the system does not count that.</summary>
    internal static long? BytesRead(Process process) => Number($"/proc/{process.Id}/io", "rchar:");

    private static long? Number(string path, string name) =>
        File.Exists(path) && File.ReadLines(path).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } found
            ? long.Parse(found[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture)
            : null;
}
