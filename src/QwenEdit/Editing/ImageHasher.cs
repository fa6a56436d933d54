using QwenEdit.Files;
using QwenEdit.Journal;

namespace QwenEdit.Editing;

/// <summary>Hashes the images of edits. The journal keeps the hashes of files that have not changed.</summary>
internal sealed class ImageHasher(ImageHashes hashes)
{
    /// <summary>Returns the edit with the hash of its local image.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.ImageUnreadable"/>.</exception>
    internal PreparedEdit WithHash(PreparedEdit edit, CancellationToken cancellationToken) =>
        edit.Image is null || edit.ImageHash is not null ? edit : edit with { ImageHash = Hash(edit.Image, cancellationToken) };

    /// <summary>Removes the hash of a file whose content changed although its length and its time are the same.</summary>
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
