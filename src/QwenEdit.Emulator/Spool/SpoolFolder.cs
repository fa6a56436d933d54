using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace QwenEdit.Emulator;

/// <summary>The temporary folder of one emulator: images live here, not in memory. It goes when the emulator stops.</summary>
internal sealed class SpoolFolder : IDisposable
{
    private const string Prefix = "segmind-emulator-";

    private readonly string folder;
    private readonly ConcurrentDictionary<string, Lazy<SpoolFile>> files = new(StringComparer.Ordinal);

    public SpoolFolder(string? parent)
    {
        parent ??= System.IO.Path.GetTempPath();
        Directory.CreateDirectory(parent);
        RemoveLeftovers(parent);
        var name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{Guid.NewGuid():N}");
        folder = Directory.CreateDirectory(System.IO.Path.Combine(parent, name)).FullName;
    }

    public string Path => folder;

    public string NewPath() => System.IO.Path.Combine(folder, Guid.NewGuid().ToString("N"));

    public SpoolFile Keep(string sha256, long length, ImageKind? kind, string? written, MemoryStream memory)
    {
        var kept = files.GetOrAdd(sha256, key => new Lazy<SpoolFile>(() =>
        {
            var path = System.IO.Path.Combine(folder, key);
            if (written is not null)
            {
                File.Move(written, path);
            }
            else
            {
                using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1);
                memory.WriteTo(file);
            }
            return new SpoolFile(path, key, length, kind);
        }));
        return kept.Value;
    }

    public SpoolFile Keep(ReadOnlySpan<byte> bytes)
    {
        using var writer = new SpoolWriter(this);
        writer.Write(bytes);
        return writer.Finish();
    }

    public void Clear()
    {
        foreach (var (key, file) in files)
        {
            if (files.TryRemove(key, out _) && file.IsValueCreated)
            {
                File.Delete(file.Value.Path);
            }
        }
    }

    public void Dispose()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // An emulator that was killed could not remove its folder; the next one to start does.
    private static void RemoveLeftovers(string parent)
    {
        foreach (var leftover in Directory.EnumerateDirectories(parent, Prefix + "*"))
        {
            var owner = System.IO.Path.GetFileName(leftover)[Prefix.Length..].Split('-')[0];
            if (int.TryParse(owner, CultureInfo.InvariantCulture, out var id) && !IsAlive(id))
            {
                try
                {
                    Directory.Delete(leftover, recursive: true);
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException)
                {
                    Trace.TraceWarning($"{leftover} is left over from an emulator that was killed, and could not be removed: {error.Message}");
                }
            }
        }
    }

    private static bool IsAlive(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
