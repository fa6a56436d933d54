namespace QwenEdit.Emulator;

/// <summary>The image formats that the service takes, told from the first bytes.</summary>
internal enum ImageKind
{
    Png,
    Jpeg,
    Webp,
    Gif,
    Bmp,
    Tiff,
}

internal static class ImageKinds
{
    public const int SignatureLength = 12;

    public static ImageKind? Of(ReadOnlySpan<byte> head) => head switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => ImageKind.Png,
        [0xFF, 0xD8, 0xFF, ..] => ImageKind.Jpeg,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => ImageKind.Webp,
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => ImageKind.Gif,
        [(byte)'B', (byte)'M', ..] => ImageKind.Bmp,
        [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => ImageKind.Tiff,
        _ => null,
    };

    public static string ContentType(this ImageKind? kind) => kind switch
    {
        null => "application/octet-stream",
        ImageKind.Png => "image/png",
        ImageKind.Jpeg => "image/jpeg",
        ImageKind.Webp => "image/webp",
        ImageKind.Gif => "image/gif",
        ImageKind.Bmp => "image/bmp",
        _ => "image/tiff",
    };

    public static string Extension(this ImageKind? kind) => kind is null ? "bin" : kind.Value.ToString().ToLowerInvariant();
}
