namespace QwenEdit.Journal;

/// <summary>
/// The key of an edit in the journal: a hash of the endpoint, the model, the fields with the seed that was asked for, the image's content or
/// URL, and the destination. The same command, run again, gives the same identity.
/// </summary>
internal static class EditIdentity
{
    /// <summary>Returns the identity of an edit: a SHA-256 in hex.</summary>
    /// <param name="endpoint">The service.</param>
    /// <param name="model">The model.</param>
    /// <param name="fields">The fields, as JSON, with the seed that was asked for.</param>
    /// <param name="image">The image's hash, or the URL of a remote image.</param>
    /// <param name="destination">The full path of the destination.</param>
    internal static string Of(string endpoint, string model, string fields, string image, string destination)
    {
        // No part can contain the separator.
        return TextHash.Of(string.Join(
            "\0",
            endpoint,
            model,
            fields,
            image,
            Platform.PathComparison == StringComparison.Ordinal ? destination : destination.ToUpperInvariant()));
    }
}
