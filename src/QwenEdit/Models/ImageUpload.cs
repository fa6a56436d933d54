namespace QwenEdit;

/// <summary>How a local image gets to the service.</summary>
public enum ImageUpload
{
    /// <summary>Sends the image in the request.</summary>
    Inline,

    /// <summary>
    /// Uploads the image to the storage of the service first, for images that are too large for a request. The image is public there, and can't be
    /// deleted.
    /// </summary>
    Storage,
}
