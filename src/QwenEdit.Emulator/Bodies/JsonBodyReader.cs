using System.Buffers;
using System.IO.Pipelines;
using QwenEdit.Emulator.Spool;

namespace QwenEdit.Emulator.Bodies;

/// <summary>
/// Reads a JSON body of any size: inline images go to the spool as they come, decoded, and leave a placeholder;
/// the rest is small and kept. It knows no more of JSON than where strings begin and end.
/// </summary>
internal sealed class JsonBodyReader(SpoolFolder folder) : IDisposable
{
    // Enough to tell base64 and a data URI from a URL, and shorter than any image worth a file.
    private const int Short = 96;
    private const int LargestRest = 4 * 1024 * 1024;
    private static readonly SearchValues<byte> StringEnds = SearchValues.Create("\"\\"u8);
    private static readonly SearchValues<byte> Base64Text = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\\"u8);

    private readonly ArrayBufferWriter<byte> rest = new(512);
    private readonly List<InlineImage> images = [];
    private InlineImageDecoder? decoder;
    private int stringStart = -1;
    private bool escaped;
    private bool decided;
    private bool mayBeImage;

    /// <summary>Why the body can't be used.</summary>
    public string? Error { get; private set; }

    /// <summary>Why an inline image can't be used. An empty text takes its place.</summary>
    public string? InvalidImage { get; private set; }

    public IReadOnlyList<InlineImage> Images => images;

    /// <summary>Reads to the end, also of a body that is of no use, so that the answer finds a client that listens.</summary>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(PipeReader body, Action<long> count, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            count(read.Buffer.Length);
            foreach (var segment in read.Buffer)
            {
                if (Error is null)
                {
                    Append(segment.Span);
                }
            }
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return rest.WrittenMemory;
            }
        }
    }

    public void Dispose() => decoder?.Dispose();

    private void Append(ReadOnlySpan<byte> json)
    {
        while (!json.IsEmpty && Error is null)
        {
            json = stringStart < 0 ? Outside(json) : Inside(json);
        }
        if (rest.WrittenCount > LargestRest)
        {
            Error = "The request body is too large.";
        }
    }

    private ReadOnlySpan<byte> Outside(ReadOnlySpan<byte> json)
    {
        var quote = json.IndexOf((byte)'"');
        if (quote < 0)
        {
            rest.Write(json);
            return default;
        }
        rest.Write(json[..(quote + 1)]);
        stringStart = rest.WrittenCount;
        decided = false;
        return json[(quote + 1)..];
    }

    private ReadOnlySpan<byte> Inside(ReadOnlySpan<byte> json)
    {
        if (escaped)
        {
            escaped = false;
            Take(json[..1]);
            return json[1..];
        }
        var end = json.IndexOfAny(StringEnds);
        if (end < 0)
        {
            Take(json);
            return default;
        }
        if (json[end] == '\\')
        {
            escaped = true;
            Take(json[..(end + 1)]);
        }
        else
        {
            Take(json[..end]);
            EndString();
        }
        return json[(end + 1)..];
    }

    private void Take(ReadOnlySpan<byte> json)
    {
        if (decoder is not null)
        {
            decoder.Append(json);
            return;
        }
        rest.Write(json);
        if (!decided && mayBeImage && rest.WrittenCount - stringStart >= Short)
        {
            decided = true;
            var text = rest.WrittenSpan[stringStart..];
            if (text.StartsWith("data:"u8) || !text.ContainsAnyExcept(Base64Text))
            {
                decoder = new InlineImageDecoder(folder);
                decoder.Append(text);
                Truncate(stringStart);
            }
        }
    }

    private void EndString()
    {
        if (decoder is not null)
        {
            FinishImage();
        }
        else
        {
            var text = rest.WrittenSpan[stringStart..];
            mayBeImage = text.SequenceEqual("image"u8) || text.SequenceEqual("data_urls"u8);
        }
        rest.Write("\""u8);
        stringStart = -1;
    }

    private void FinishImage()
    {
        if (decoder!.Finish() is { } image)
        {
            BodyPlaceholder.Write(rest, images.Count);
            images.Add(image);
        }
        else
        {
            InvalidImage ??= $"Invalid image: {decoder.Error}.";
        }
        decoder.Dispose();
        decoder = null;
    }

    private void Truncate(int length)
    {
        var kept = rest.WrittenSpan[..length].ToArray();
        rest.ResetWrittenCount();
        rest.Write(kept);
    }
}
