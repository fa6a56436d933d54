using System.Security.Cryptography;

namespace QwenEdit.Emulator.Spool;

/// <summary>Bytes in the spool folder, named by their own SHA-256, so that the same image a thousand times is one file.</summary>
internal sealed record SpoolFile(string Path, string Sha256, long Length, ImageType? Kind)
{
    public string ContentType => Kind.ContentType();

    public FileStream OpenRead() => new(Path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
}

/// <summary>Receives bytes, hashes them, and writes them to a file if there are many.</summary>
internal sealed class SpoolWriter(SpoolFolder folder) : IDisposable
{
    private const int InMemory = 64 * 1024;

    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] head = new byte[ImageKinds.SignatureLength];
    private readonly MemoryStream memory = new();
    private string? path;
    private FileStream? file;

    public long Length { get; private set; }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (Length < head.Length)
        {
            var missing = Math.Min(head.Length - (int)Length, bytes.Length);
            bytes[..missing].CopyTo(head.AsSpan((int)Length));
        }
        hash.AppendData(bytes);
        Length += bytes.Length;
        if (file is null && Length > InMemory)
        {
            path = folder.NewPath();
            file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1);
            memory.WriteTo(file);
            memory.SetLength(0);
        }
        if (file is null)
        {
            memory.Write(bytes);
        }
        else
        {
            file.Write(bytes);
        }
    }

    public SpoolFile Finish()
    {
        var sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
        var kind = ImageKinds.Of(head.AsSpan(0, (int)Math.Min(Length, head.Length)));
        file?.Dispose();
        file = null;
        return folder.Keep(sha256, Length, kind, path, memory);
    }

    public void Dispose()
    {
        hash.Dispose();
        file?.Dispose();
        memory.Dispose();
        if (path is not null)
        {
            File.Delete(path);
        }
    }
}
