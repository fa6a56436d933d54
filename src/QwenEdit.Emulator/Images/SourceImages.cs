using QwenEdit.Emulator.Bodies;
using QwenEdit.Emulator.Spool;

namespace QwenEdit.Emulator.Images;

/// <summary>An image that can't be had; the message is the job's error.</summary>
internal sealed class SourceImageException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// Finds the image that a body names: inline text, one of the emulator's own files, or a placeholder for the URL of another host. Nothing is
/// fetched: whoever can reach the emulator must not reach the other services of this machine or its network through it.
/// </summary>
internal sealed class SourceImages(EmulatorOptions options, SpoolFolder spool, FileStore files)
{
    /// <summary>Decodes inline text that was too short for the spool; null when it is a URL.</summary>
    /// <exception cref="SourceImageException">It is neither.</exception>
    public InlineImage? DecodeInline(string image)
    {
        if (Uri.TryCreate(image, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
        {
            return null;
        }
        var comma = image.StartsWith("data:", StringComparison.Ordinal) ? image.IndexOf(',', StringComparison.Ordinal) + 1 : 0;
        try
        {
            return new InlineImage(image[..comma], spool.Keep(Convert.FromBase64String(image[comma..])));
        }
        catch (FormatException error)
        {
            throw new SourceImageException("Invalid image: it is neither a URL nor a data URI nor base64.", error);
        }
    }

    /// <summary>The emulator's own file at a URL, or a placeholder.</summary>
    /// <exception cref="SourceImageException">There is no such file, or it is on another host and those are refused.</exception>
    public SpoolFile Find(string url)
    {
        var uri = new Uri(url);
        if (files.Find(uri) is { } own)
        {
            return own;
        }
        if (uri.IsLoopback)
        {
            throw new SourceImageException(
                $"Could not fetch the image: {uri} is no file of the emulator, and it fetches nothing from other services of this machine. Use POST /upload-asset, or send the image inline.");
        }
        return options.RemoteImages is RemoteImages.Placeholder
            ? PlaceholderImage.Draw(uri, spool)
            : throw new SourceImageException($"Could not fetch the image: the emulator fetches nothing from {uri.Host}.");
    }
}
