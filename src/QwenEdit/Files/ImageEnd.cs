using System.Buffers.Binary;

namespace QwenEdit.Files;

/// <summary>Tells whether bytes are an image to its end, by the structure of its format. In doubt they are not.</summary>
internal static class ImageEnd
{
    /// <summary>Whether nothing has been cut off. Of GIF and TIFF, which don't tell, it is never said.</summary>
    internal static bool IsWhole(ReadOnlySpan<byte> image) => ImageSignature.Tell(image) switch
    {
        ImageKind.Png => image.EndsWith(PngEnd),
        ImageKind.Jpeg => IsWholeJpeg(image),
        ImageKind.Webp => BinaryPrimitives.ReadUInt32LittleEndian(image[4..]) + 8L <= image.Length,
        ImageKind.Bmp => BinaryPrimitives.ReadUInt32LittleEndian(image[2..]) == image.Length,
        _ => false,
    };

    // The chunk IEND, which is empty, with its checksum.
    private static ReadOnlySpan<byte> PngEnd => [0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82];

    // The end marker can't stand in the pixels, where FF is always followed by 00 or a restart; but a thumbnail before them has one of its own.
    private static bool IsWholeJpeg(ReadOnlySpan<byte> image)
    {
        const byte StartOfScan = 0xDA;
        int at = 2;
        while (at + 4 <= image.Length && image[at] == 0xFF)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(image[(at + 2)..]);
            if (image[at + 1] == StartOfScan)
            {
                return at + 2 + length < image.Length && image[^2] == 0xFF && image[^1] == 0xD9;
            }

            at += 2 + length;
        }

        return false;
    }
}
