namespace QwenEdit.Emulator.Spool;

/// <summary>The image formats that the service takes, told from the first bytes.</summary>
internal enum ImageType
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

    public static ImageType? Of(ReadOnlySpan<byte> head) => head switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => ImageType.Png,
        [0xFF, 0xD8, 0xFF, ..] => ImageType.Jpeg,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => ImageType.Webp,
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => ImageType.Gif,
        [(byte)'B', (byte)'M', ..] => ImageType.Bmp,
        [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => ImageType.Tiff,
        _ => null,
    };

    public static string ContentType(this ImageType? kind) => kind switch
    {
        null => "application/octet-stream",
        ImageType.Png => "image/png",
        ImageType.Jpeg => "image/jpeg",
        ImageType.Webp => "image/webp",
        ImageType.Gif => "image/gif",
        ImageType.Bmp => "image/bmp",
        _ => "image/tiff",
    };

    public static string Extension(this ImageType? kind) => kind is null ? "bin" : kind.Value.ToString().ToLowerInvariant();
}
