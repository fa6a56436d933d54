namespace QwenEdit.Imaging;

/// <summary>The image formats that can be sent and received.</summary>
internal enum ImageKind
{
    Png,
    Jpeg,
    Webp,
    Gif,
    Bmp,
    Tiff,
}
