using System.Text.Json;
using QwenEdit.Diagnostics;
using QwenEdit.Segmind.Contracts;
using QwenEdit.Segmind.Http;

namespace QwenEdit.Segmind;

/// <summary>
/// Uploads images to the service's storage, which is on a different host than the service and takes the same key. An upload costs nothing and may be
/// retried. Uploaded images are public and are not removed.
/// </summary>
internal sealed class StorageClient : IDisposable
{
    /// <summary>The URL of the service's own storage.</summary>
    internal const string Default = "https://workflows-api.segmind.com";

    private readonly HttpClient _http;
    private readonly ApiPipeline _pipeline;
    private readonly SegmindEndpoint _storage;

    internal StorageClient(SegmindConnection connection, IRateLimiter limiter, TimeProvider time, IEditLog log)
    {
        _storage = Find(connection.Endpoint);
        _http = SegmindClient.MakeHttpClient(HttpHandlers.CreateApiHandler(LoopbackProxyBypass.For(_storage, connection.Proxy)));
        _pipeline = new ApiPipeline(_http, connection, limiter, time, log);
    }

    /// <summary>
    /// Returns the storage endpoint that may receive the key: the service's own for the service, otherwise the endpoint's host, which the user named.
    /// </summary>
    internal static SegmindEndpoint Find(SegmindEndpoint endpoint) =>
        endpoint.IsSameHost(SegmindEndpoint.Parse(SegmindEndpoint.Default)) ? SegmindEndpoint.Parse(Default) : endpoint;

    /// <summary>Uploads an image: <c>POST /upload-asset</c>.</summary>
    /// <param name="image">The image.</param>
    /// <param name="deadline">The time limit for retries and for waiting at a rate limit.</param>
    /// <param name="cancellationToken">Cancels the upload.</param>
    /// <returns>The public URL of the image.</returns>
    /// <exception cref="QwenEditException"><see cref="EditError.UploadFailed"/>, or the request failed. Nothing is billed.</exception>
    internal async Task<Uri> UploadAsync(ImagePayload image, Deadline deadline, CancellationToken cancellationToken)
    {
        HttpRequestMessage Create() => new(HttpMethod.Post, _storage.Upload) { Content = SubmissionBody.OfUpload(image, cancellationToken) };
        ApiResponse response = await _pipeline.SendAsync(new ApiRequest(ApiOperation.Upload, Create, deadline), cancellationToken).ConfigureAwait(false);
        response.EnsureAccepted();
        using var document = JsonDocument.Parse(response.Body);
        return document.RootElement.TryGetProperty("file_urls", out JsonElement urls) && urls.ValueKind == JsonValueKind.Array && urls.GetArrayLength() > 0
            && Uri.TryCreate(urls[0].ToString(), UriKind.Absolute, out Uri? url) && url.Scheme is "https" or "http"
                ? url
                : throw new QwenEditException(EditError.UploadFailed, $"The storage took the image ({response.Request}) but returned no address for it. No job was created.");
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
