using System.Text;
using QwenEdit.Compatibility;
using QwenEdit.Files;
using QwenEdit.Journal;
using QwenEdit.Segmind.Contracts;

namespace QwenEdit.Editing;

/// <summary>
/// What makes an edit this one: the endpoint, the model, the fields with the seed as it was wished for, the image's content or address, and
/// the destination. The same command, run again, meets the same identity.
/// </summary>
internal sealed class EditIdentity(ImageHashes hashes)
{
    /// <summary>The identity of an edit, in hex.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.ImageUnreadable"/>.</exception>
    internal string Of(PreparedEdit edit, Uri endpoint, CancellationToken cancellationToken)
    {
        string image = WithHash(edit, cancellationToken).ImageHash ?? edit.Request.Uri!.AbsoluteUri;
        return Of(endpoint.AbsoluteUri, edit.Request.Model, Encoding.UTF8.GetString(EditFields.Write(edit.Request, edit.Request.Seed)), image, edit.Request.Destination);
    }

    /// <summary>The identity of an edit by its parts.</summary>
    /// <param name="endpoint">The service.</param>
    /// <param name="model">The model.</param>
    /// <param name="fields">The fields, as JSON, with the seed as it was wished for.</param>
    /// <param name="image">The image's hash, or the address of a remote one.</param>
    /// <param name="destination">The full path of the destination.</param>
    internal static string Of(string endpoint, string model, string fields, string image, string destination)
    {
        // Every part ends in a character that none of them can hold.
        return TextHash.Of(string.Join(
            "\0",
            endpoint,
            model,
            fields,
            image,
            Poly.PathComparison == StringComparison.Ordinal ? destination : destination.ToUpperInvariant()));
    }

    /// <summary>The edit with the hash of its local image.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.ImageUnreadable"/>.</exception>
    internal PreparedEdit WithHash(PreparedEdit edit, CancellationToken cancellationToken) =>
        edit.Image is null || edit.ImageHash is not null ? edit : edit with { ImageHash = Hash(edit.Image, cancellationToken) };

    /// <summary>Has an image read again that was found to differ from its hash, though its length and its time are the same.</summary>
    internal void Forget(SourceImage image) => hashes.Forget(image.Path);

    private string Hash(SourceImage image, CancellationToken cancellationToken)
    {
        if (hashes.Find(image.Path, image.Length, image.Time, image.Number) is { } known)
        {
            return known;
        }

        try
        {
            string hash = ContentHash.OfFile(image.Path, cancellationToken);
            hashes.Remember(image.Path, image.Length, image.Time, image.Number, hash);
            return hash;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new QwenEditException(EditError.ImageUnreadable, $"{image.Path} can't be read: {exception.Message}", exception);
        }
    }
}
