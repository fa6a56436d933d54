namespace QwenEdit;

/// <summary>How a local image gets to the service.</summary>
public enum ImageUpload
{
    /// <summary>In the request itself.</summary>
    Inline,

    /// <summary>To the service's storage first: for images that are too large for a request. It is public there, and can't be deleted.</summary>
    Storage,
}
