using System.Buffers.Binary;
using QwenEdit.Imaging;

namespace QwenEdit.Files;

/// <summary>Tells the format of an image as its bytes come, and where the image ends. In doubt it has no end.</summary>
internal sealed class ImageEnd
{
    private readonly byte[] _start = new byte[ImageSignature.Length];
    private ImageStructure? _structure;

    /// <summary>How many bytes have come.</summary>
    internal long Length { get; private set; }

    /// <summary>The format; <see langword="null"/> if what has come is not the beginning of an image.</summary>
    internal ImageKind? Kind => ImageSignature.Tell(_start.AsSpan(0, (int)Math.Min(Length, _start.Length)));

    /// <summary>How many bytes the image has to the end of its own structure; <see langword="null"/> while that has not come, and where a format does not tell.</summary>
    internal long? Position => _structure?.End;

    /// <summary>Whether images of a format tell where they end.</summary>
    internal static bool IsToldBy(ImageKind kind) => kind is ImageKind.Png or ImageKind.Jpeg or ImageKind.Webp;

    /// <summary>
    /// Whether bytes are an image to its end and nothing besides, so that nothing has been cut off. Of GIF and TIFF, which don't tell, it is never said.
    /// </summary>
    internal static bool IsWhole(ReadOnlySpan<byte> image)
    {
        ImageEnd end = new();
        end.Append(image);
        return end.Kind == ImageKind.Bmp
            ? BinaryPrimitives.ReadUInt32LittleEndian(image[2..]) == image.Length
            : end.Position == image.Length;
    }

    /// <summary>Takes the next bytes.</summary>
    internal void Append(ReadOnlySpan<byte> bytes)
    {
        if (Length < _start.Length)
        {
            int count = (int)Math.Min(_start.Length - Length, bytes.Length);
            bytes[..count].CopyTo(_start.AsSpan((int)Length));
            bytes = bytes[count..];
            Length += count;
            if (Length < _start.Length)
            {
                return;
            }

            _structure = ImageStructure.Of(Kind);
            _structure?.Append(_start);
        }

        Length += bytes.Length;
        _structure?.Append(bytes);
    }
}
