using System.Buffers;
using System.Buffers.Text;
using System.Text;
using QwenEdit.Emulator.Spool;

namespace QwenEdit.Emulator.Bodies;

/// <summary>Decodes the JSON text of an inline image as it comes: JSON escapes, the <c>data:</c> prefix, base64.</summary>
internal sealed class InlineImageDecoder(SpoolFolder folder) : IDisposable
{
    private const int LongestPrefix = 256;

    private readonly SpoolWriter writer = new(folder);
    private readonly byte[] text = ArrayPool<byte>.Shared.Rent(64 * 1024);
    private readonly byte[] bytes = ArrayPool<byte>.Shared.Rent(48 * 1024);
    private readonly byte[] escape = new byte[6];
    private int escapeLength;
    private int length;
    private string? prefix;

    /// <summary>Why the text is no base64; null while it is.</summary>
    public string? Error { get; private set; }

    public void Append(ReadOnlySpan<byte> json)
    {
        while (!json.IsEmpty && Error is null)
        {
            if (escapeLength > 0 || json[0] == '\\')
            {
                AppendEscape(json[0]);
                json = json[1..];
                continue;
            }
            var run = json.IndexOf((byte)'\\');
            var plain = json[..(run < 0 ? json.Length : run)];
            plain = plain[..Math.Min(plain.Length, text.Length - length)];
            plain.CopyTo(text.AsSpan(length));
            length += plain.Length;
            json = json[plain.Length..];
            if (length == text.Length)
            {
                Decode(last: false);
            }
        }
    }

    public InlineImage? Finish()
    {
        if (escapeLength > 0)
        {
            Error ??= "an escape that isn't finished";
        }
        if (Error is null)
        {
            Decode(last: true);
        }
        return Error is null ? new InlineImage(prefix!, writer.Finish()) : null;
    }

    public void Dispose()
    {
        writer.Dispose();
        ArrayPool<byte>.Shared.Return(text);
        ArrayPool<byte>.Shared.Return(bytes);
    }

    private void AppendEscape(byte next)
    {
        escape[escapeLength++] = next;
        var whole = escapeLength == 6 || (escapeLength == 2 && next != 'u');
        if (!whole)
        {
            return;
        }
        int value = escape[1] switch
        {
            (byte)'n' => '\n',
            (byte)'r' => '\r',
            (byte)'t' => '\t',
            (byte)'u' => Utf8Parser.TryParse(escape.AsSpan(2, 4), out ushort unit, out var read, 'x') && read == 4 ? unit : -1,
            var itself => itself,
        };
        escapeLength = 0;
        if (value is < 0 or > 127)
        {
            Error = "a character outside the base64 alphabet";
            return;
        }
        text[length++] = (byte)value;
        if (length == text.Length)
        {
            Decode(last: false);
        }
    }

    private void Decode(bool last)
    {
        var start = 0;
        if (prefix is null)
        {
            start = ReadPrefix(text.AsSpan(0, length));
            if (Error is not null)
            {
                return;
            }
        }
        var status = Base64.DecodeFromUtf8(text.AsSpan(start, length - start), bytes, out var consumed, out var written, last);
        if (status is OperationStatus.InvalidData || (last && status is not OperationStatus.Done))
        {
            Error = "text that isn't base64";
            return;
        }
        writer.Write(bytes.AsSpan(0, written));
        var rest = text.AsSpan(start + consumed, length - start - consumed);
        rest.CopyTo(text);
        length = rest.Length;
    }

    private int ReadPrefix(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith("data:"u8))
        {
            prefix = "";
            return 0;
        }
        var comma = head[..Math.Min(head.Length, LongestPrefix)].IndexOf((byte)',');
        if (comma < 0 || !head[..comma].EndsWith(";base64"u8))
        {
            Error = "a data URI that isn't base64";
            return 0;
        }
        // The same few prefixes a hundred thousand times are worth interning.
        prefix = string.Intern(Encoding.Latin1.GetString(head[..(comma + 1)]));
        return comma + 1;
    }
}
