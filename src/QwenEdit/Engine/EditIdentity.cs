using System.Security.Cryptography;
using System.Text;
using QwenEdit.Files;
using QwenEdit.Journal;
using QwenEdit.Segmind;

namespace QwenEdit.Engine;

/// <summary>
/// What makes an edit this one: the endpoint, the model, the fields with the seed as it was wished for, the image's content or address, and
/// the destination. The same command, run again, meets the same identity.
/// </summary>
internal sealed class EditIdentity(ImageHashes hashes)
{
    /// <summary>The identity of an edit, in hex.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.ImageUnreadable"/>.</exception>
    internal async Task<string> OfAsync(PreparedEdit edit, Uri endpoint, CancellationToken cancellationToken)
    {
        string image = edit.Image is null ? edit.Request.Uri!.AbsoluteUri : await HashAsync(edit.Image, cancellationToken).ConfigureAwait(false);
        // Every part ends in a character that none of them can hold.
        byte[] all = Encoding.UTF8.GetBytes(string.Join(
            "\0",
            endpoint.AbsoluteUri,
            edit.Request.Model,
            Encoding.UTF8.GetString(EditFields.Write(edit.Request, edit.Request.Seed)),
            image,
            Poly.PathComparison == StringComparison.Ordinal ? edit.Request.Destination : edit.Request.Destination.ToUpperInvariant()));
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(all);
        return ContentHash.Hex(sha.GetHashAndReset());
    }

    private async Task<string> HashAsync(SourceImage image, CancellationToken cancellationToken)
    {
        if (hashes.Find(image.Path, image.Length, image.Time) is { } known)
        {
            return known;
        }

        try
        {
            string hash = await ContentHash.OfFileAsync(image.Path, cancellationToken).ConfigureAwait(false);
            hashes.Remember(image.Path, image.Length, image.Time, hash);
            return hash;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new QwenEditException(EditError.ImageUnreadable, $"{image.Path} can't be read: {exception.Message}", exception);
        }
    }
}
