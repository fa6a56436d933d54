namespace QwenEdit;

/// <summary>The format that the service encodes an edited image in (<c>image_format</c>).</summary>
public enum ImageFormat
{
    /// <summary>Lossless. <c>-Quality</c> has no effect.</summary>
    Png,

    /// <summary>Lossy, without transparency.</summary>
    Jpeg,

    /// <summary>Lossy, with transparency.</summary>
    Webp,
}
