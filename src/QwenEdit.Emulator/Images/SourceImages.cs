using System.Net;

namespace QwenEdit.Emulator;

/// <summary>An image that can't be had; the message is the job's error.</summary>
internal sealed class SourceImageException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Finds the image that a body names: inline text, one of the emulator's own files, or a URL on this machine.</summary>
internal sealed class SourceImages(SpoolFolder spool, FileStore files) : IDisposable
{
    // No redirects: they could lead off this machine.
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { Timeout = TimeSpan.FromSeconds(30) };

    public void Dispose() => http.Dispose();

    /// <summary>Decodes inline text that was too short for the spool; null when it is a URL.</summary>
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

    public async Task<SpoolFile> FindAsync(string url, CancellationToken cancellationToken)
    {
        var uri = new Uri(url);
        if (files.Find(uri) is { } own)
        {
            return own;
        }
        if (!uri.IsLoopback)
        {
            throw new SourceImageException($"Could not fetch the image: the emulator fetches from this machine only, not from {uri.Host}.");
        }
        try
        {
            using var response = await http.GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.StatusCode is not HttpStatusCode.OK)
            {
                throw new SourceImageException($"Could not fetch the image: {uri} answered {(int)response.StatusCode}.");
            }
            return await SpoolAsync(response, cancellationToken);
        }
        catch (HttpRequestException error)
        {
            throw new SourceImageException($"Could not fetch the image: {error.Message}", error);
        }
    }

    private async Task<SpoolFile> SpoolAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var writer = new SpoolWriter(spool);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[64 * 1024];
        for (int read; (read = await body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            writer.Write(buffer.AsSpan(0, read));
        }
        return writer.Finish();
    }
}
