using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using QwenEdit.Emulator.Spool;

namespace QwenEdit.Emulator.Bodies;

/// <summary>Writes a file into JSON as base64, a piece at a time.</summary>
internal static class InlineText
{
    private const int Piece = 48 * 1024;

    public static async Task WriteAsync(Utf8JsonWriter json, string prefix, SpoolFile file, CancellationToken cancellationToken, long most = long.MaxValue)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Piece);
        var text = ArrayPool<byte>.Shared.Rent(Base64.GetMaxEncodedToUtf8Length(Piece));
        try
        {
            json.WriteStringValueSegment(Encoding.UTF8.GetBytes(prefix), isFinalSegment: false);
            await using var source = file.OpenRead();
            for (var left = Math.Min(most, file.Length); left > 0;)
            {
                var read = await source.ReadAtLeastAsync(bytes.AsMemory(0, (int)Math.Min(Piece, left)), (int)Math.Min(Piece, left), cancellationToken: cancellationToken);
                Base64.EncodeToUtf8(bytes.AsSpan(0, read), text, out _, out var written);
                json.WriteStringValueSegment(text.AsSpan(0, written), isFinalSegment: false);
                await json.FlushAsync(cancellationToken);
                left -= read;
            }
            json.WriteStringValueSegment(ReadOnlySpan<byte>.Empty, isFinalSegment: true);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            ArrayPool<byte>.Shared.Return(text);
        }
    }
}
