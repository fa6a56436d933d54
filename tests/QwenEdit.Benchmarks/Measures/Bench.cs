using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace QwenEdit.Benchmarks.Measures;

/// <summary>A folder for a measure: images in it, results in folders of their own, and a journal. It goes with the measure.</summary>
internal sealed class Bench : IDisposable
{
    private const int HeaderLength = 33;

    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D, 0x49, 0x48, 0x44, 0x52];
    private static readonly byte[] PngEnd = [0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82];

    private readonly string _folder = Directory.CreateTempSubdirectory("qwenedit-benchmark-").FullName;
    private int _results;

    internal string Images => Path.Combine(_folder, "images");

    internal string Journal => Path.Combine(_folder, "journal.db");

    /// <summary>Makes images: random bytes in the structure of a PNG, no two of them alike.</summary>
    internal Bench(int count, int bytes)
    {
        Directory.CreateDirectory(Images);
        Random random = new(1);
        byte[] content = new byte[bytes];
        random.NextBytes(content);
        Png.CopyTo(content, 0);
        BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(HeaderLength), bytes - HeaderLength - 12 - PngEnd.Length);
        "IDAT"u8.CopyTo(content.AsSpan(HeaderLength + 4));
        PngEnd.CopyTo(content, bytes - PngEnd.Length);
        for (int number = 0; number < count; number++)
        {
            MemoryMarshal.Write(content.AsSpan(Png.Length), number);
            File.WriteAllBytes(Path.Combine(Images, $"{number:00000}.png"), content);
        }
    }

    /// <summary>The path of the first image.</summary>
    internal string FirstImage => Path.Combine(Images, "00000.png");

    /// <summary>An empty folder for results.</summary>
    internal string NewResults() => Directory.CreateDirectory(Path.Combine(_folder, $"results-{++_results}")).FullName;

    /// <summary>Gives all images a new time, so that no hash of theirs is remembered.</summary>
    internal void Touch()
    {
        foreach (string image in Directory.EnumerateFiles(Images))
        {
            File.SetLastWriteTimeUtc(image, DateTime.UtcNow);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
