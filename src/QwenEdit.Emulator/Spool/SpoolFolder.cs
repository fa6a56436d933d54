using System.Collections.Concurrent;

namespace QwenEdit.Emulator.Spool;

/// <summary>The temporary folder of one emulator. Images are stored here, not in memory. It is removed when the emulator stops.</summary>
internal sealed class SpoolFolder : IDisposable
{
    private readonly PrivateFolder folder;
    private readonly ConcurrentDictionary<string, Lazy<SpoolFile>> files = new(StringComparer.Ordinal);

    public SpoolFolder(string? parent) => folder = new PrivateFolder(parent);

    public string NewPath() => Path.Combine(folder.Path, Guid.NewGuid().ToString("N"));

    public SpoolFile Keep(string sha256, long length, ImageType? kind, string? written, MemoryStream memory)
    {
        var kept = files.GetOrAdd(sha256, key => new Lazy<SpoolFile>(() =>
        {
            var path = Path.Combine(folder.Path, key);
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

    public void Dispose() => folder.Dispose();
}
