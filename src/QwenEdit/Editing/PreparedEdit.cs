using QwenEdit.Files;
using QwenEdit.Imaging;
using QwenEdit.Journal;
using QwenEdit.Segmind.Contracts;

namespace QwenEdit.Editing;

/// <summary>An edit that was checked and can be submitted.</summary>
/// <param name="Request">The edit as the user asked for it.</param>
/// <param name="Image">The local image; <see langword="null"/> for a remote one.</param>
/// <param name="Fields">The fields as they are sent.</param>
internal sealed record PreparedEdit(EditRequest Request, SourceImage? Image, EditFields Fields)
{
    /// <summary>Checks that the image can be sent and that the result can be written to its destination. Sends nothing.</summary>
    /// <exception cref="QwenEditException">
    /// <see cref="EditError.InvalidAdditionalParameter"/>, <see cref="EditError.DestinationUnwritable"/>, or the image's own errors.
    /// </exception>
    internal static PreparedEdit Prepare(EditRequest request)
    {
        var fields = EditFields.Of(request);
        SourceImage? image = request.Path is null ? null : SourceImage.Inspect(request.Path);
        if (Platform.IsWindows && WindowsName.Problem(request.Destination) is { } problem)
        {
            throw Unwritable($"{request.Destination} can't be written: {problem}.");
        }

        if (Directory.Exists(request.Destination))
        {
            throw Unwritable($"{request.Destination} is a folder; the edited image can't be written there.");
        }

        for (string? parent = Path.GetDirectoryName(request.Destination); parent is not null && !Directory.Exists(parent); parent = Path.GetDirectoryName(parent))
        {
            if (File.Exists(parent))
            {
                throw Unwritable($"{request.Destination} can't be written: {parent} is a file, not a folder.");
            }
        }

        return new PreparedEdit(request, image, fields);
    }

    /// <summary>The content hash of the local image; <see langword="null"/> until <see cref="ImageHasher"/> has read it, and for a remote image.</summary>
    internal string? ImageHash { get; init; }

    /// <summary>The local image to send. It must have the hash that its identity has. <see langword="null"/> for a remote image.</summary>
    internal ImagePayload? Payload => Image is null ? null : new ImagePayload(
        Image.Kind.MediaType(), Image.Length, ImageHash is { } hash ? () => Image.OpenRead(hash) : Image.OpenRead);

    /// <summary>Returns the identity of the edit at a service: see <see cref="EditIdentity"/>. A local image has its hash by then.</summary>
    internal string IdentityAt(Uri endpoint) =>
        EditIdentity.Of(endpoint.AbsoluteUri, Request.Model, Fields.Text, ImageHash ?? Request.Uri!.AbsoluteUri, Request.Destination);

    private static QwenEditException Unwritable(string message) => new(EditError.DestinationUnwritable, message);
}
