using System.Buffers.Binary;

namespace QwenEdit.Imaging;

/// <summary>Detects the format of an image from its first bytes, never from its name.</summary>
internal static class ImageSignature
{
    /// <summary>How many of the first bytes are needed.</summary>
    internal const int Length = 18;

    /// <summary>Returns the format; <see langword="null"/> if the bytes are not the beginning of an image.</summary>
    internal static ImageKind? Tell(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith(Png))
        {
            return ImageKind.Png;
        }

        if (start.StartsWith(Jpeg))
        {
            return ImageKind.Jpeg;
        }

        if (start.Length >= 12 && start.StartsWith("RIFF"u8) && start.Slice(8, 4).SequenceEqual("WEBP"u8))
        {
            return ImageKind.Webp;
        }

        if (start.StartsWith("GIF87a"u8) || start.StartsWith("GIF89a"u8))
        {
            return ImageKind.Gif;
        }

        if (IsTiff(start))
        {
            return ImageKind.Tiff;
        }

        return IsBmp(start) ? ImageKind.Bmp : null;
    }

    /// <summary>Returns the media type for a <c>data:</c> URI.</summary>
    internal static string MediaType(this ImageKind kind) => kind switch
    {
        ImageKind.Png => "image/png",
        ImageKind.Jpeg => "image/jpeg",
        ImageKind.Webp => "image/webp",
        ImageKind.Gif => "image/gif",
        ImageKind.Bmp => "image/bmp",
        ImageKind.Tiff => "image/tiff",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>Returns the file extension of the format, with the dot.</summary>
    internal static string Extension(this ImageKind kind) => "." + kind.ToString().ToLowerInvariant();

    /// <summary>Whether this is the requested format.</summary>
    internal static bool Is(this ImageKind kind, ImageFormat format) => kind switch
    {
        ImageKind.Png => format == ImageFormat.Png,
        ImageKind.Jpeg => format == ImageFormat.Jpeg,
        ImageKind.Webp => format == ImageFormat.Webp,
        _ => false,
    };

    private static ReadOnlySpan<byte> Png => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    private static ReadOnlySpan<byte> Jpeg => [0xFF, 0xD8, 0xFF];

    // Either byte order, classic (42) and BigTIFF (43).
    private static bool IsTiff(ReadOnlySpan<byte> start) =>
        start.Length >= 4
        && ((start[0] == 'I' && start[1] == 'I' && (start[2] is 42 or 43) && start[3] == 0)
            || (start[0] == 'M' && start[1] == 'M' && start[2] == 0 && (start[3] is 42 or 43)));

    // Many texts begin with "BM"; none has the size of the bitmap header after it.
    private static bool IsBmp(ReadOnlySpan<byte> start) =>
        start.Length >= 18
        && start[0] == 'B' && start[1] == 'M'
        && BinaryPrimitives.ReadUInt32LittleEndian(start[14..]) is 12 or 40 or 52 or 56 or 64 or 108 or 124;
}
