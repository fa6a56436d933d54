using System.Buffers;
using System.Globalization;
using System.Text;

namespace QwenEdit.Emulator.Bodies;

/// <summary>What stands in a kept body where an inline image was. The nonce keeps a client from sending one.</summary>
internal static class BodyPlaceholder
{
    private static readonly string Mark = $"spooled:{Guid.NewGuid().ToString("N")[..8]}:";

    public static void Write(IBufferWriter<byte> body, int index) =>
        Encoding.ASCII.GetBytes(Mark + index.ToString(CultureInfo.InvariantCulture), body);

    public static int? Index(string? text) =>
        text is not null && text.StartsWith(Mark, StringComparison.Ordinal) ? int.Parse(text.AsSpan(Mark.Length), CultureInfo.InvariantCulture) : null;
}
