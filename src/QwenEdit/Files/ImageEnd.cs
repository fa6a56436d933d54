using System.Buffers.Binary;
using QwenEdit.Imaging;

namespace QwenEdit.Files;

/// <summary>Finds the format of an image and where the image ends, as its bytes arrive. If in doubt, it reports no end.</summary>
internal sealed class ImageEnd
{
    private readonly byte[] _start = new byte[ImageSignature.Length];
    private ImageStructure? _structure;

    /// <summary>How many bytes have arrived.</summary>
    internal long Length { get; private set; }

    /// <summary>The format; <see langword="null"/> if the bytes are not the beginning of an image.</summary>
    internal ImageKind? Kind => ImageSignature.Tell(_start.AsSpan(0, (int)Math.Min(Length, _start.Length)));

    /// <summary>
    /// The image's length in bytes by its own structure; <see langword="null"/> while the end has not arrived, and for formats whose end can't be
    /// found.
    /// </summary>
    internal long? Position => _structure?.End;

    /// <summary>Whether the end of an image of this format can be found.</summary>
    internal static bool IsToldBy(ImageKind kind) => kind is ImageKind.Png or ImageKind.Jpeg or ImageKind.Webp;

    /// <summary>
    /// Whether bytes are a complete image and nothing else, so that nothing was cut off. Always <see langword="false"/> for GIF and TIFF, whose end
    /// can't be found.
    /// </summary>
    internal static bool IsWhole(ReadOnlySpan<byte> image)
    {
        ImageEnd end = new();
        end.Append(image);
        return end.Kind == ImageKind.Bmp
            ? BinaryPrimitives.ReadUInt32LittleEndian(image[2..]) == image.Length
            : end.Position == image.Length;
    }

    /// <summary>Appends the next bytes.</summary>
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
