using QwenEdit.Compatibility;
using QwenEdit.Files;
using QwenEdit.Imaging;
using QwenEdit.Segmind.Contracts;

namespace QwenEdit.Editing;

/// <summary>An edit that has been looked at and can be submitted.</summary>
internal sealed record PreparedEdit(EditRequest Request, SourceImage? Image)
{
    /// <summary>Looks whether the image is one, and whether the result may go where it is to go. Sends nothing.</summary>
    /// <exception cref="QwenEditException">It can't be sent, or the result could not be kept.</exception>
    internal static PreparedEdit Prepare(EditRequest request)
    {
        EditFields.Check(request.AdditionalParameters);
        SourceImage? image = request.Path is null ? null : SourceImage.Inspect(request.Path);
        if (Platform.IsWindows && WindowsName.Problem(request.Destination) is { } problem)
        {
            throw new QwenEditException(EditError.DestinationUnwritable, $"{request.Destination} can't be written: {problem}.");
        }

        if (Directory.Exists(request.Destination))
        {
            throw new QwenEditException(EditError.DestinationUnwritable, $"{request.Destination} is a folder; the edited image can't be written there.");
        }

        for (string? parent = Path.GetDirectoryName(request.Destination); parent is not null && !Directory.Exists(parent); parent = Path.GetDirectoryName(parent))
        {
            if (File.Exists(parent))
            {
                throw new QwenEditException(
                    EditError.DestinationUnwritable, $"{request.Destination} can't be written: {parent} is a file, not a folder.");
            }
        }

        return new PreparedEdit(request, image);
    }

    /// <summary>The hash of the local image, by which the edit is known; <see langword="null"/> until it is read, and for a remote image.</summary>
    internal string? ImageHash { get; init; }

    /// <summary>The local image as it is sent, which has the hash by which the edit is known; <see langword="null"/> for a remote one.</summary>
    internal ImagePayload? Payload => Image is null ? null : new ImagePayload(
        Image.Kind.MediaType(), Image.Length, ImageHash is { } hash ? () => Image.OpenRead(hash) : Image.OpenRead);
}
