using System.Net.Http;
using System.Text.Json;
using QwenEdit.Compatibility;
using QwenEdit.Diagnostics;
using QwenEdit.Segmind.Contracts;
using QwenEdit.Segmind.Http;

namespace QwenEdit.Segmind;

/// <summary>
/// Puts images into the service's storage, which is on another host than the service itself and takes the same key. An upload costs nothing and
/// may be repeated; what is uploaded is public and stays.
/// </summary>
internal sealed class StorageClient : IDisposable
{
    /// <summary>Where the service's own storage is.</summary>
    internal const string Default = "https://workflows-api.segmind.com";

    private readonly HttpClient _http;
    private readonly ApiPipeline _exchange;
    private readonly SegmindEndpoint _storage;

    internal StorageClient(SegmindConnection connection, IRateLimiter limiter, TimeProvider time, IEditLog log)
    {
        _storage = Find(connection.Endpoint);
        _http = SegmindClient.MakeHttpClient(HttpHandlers.CreateApiHandler(LoopbackProxyBypass.For(_storage, connection.Proxy)));
        _exchange = new ApiPipeline(_http, connection.ApiKey, connection.RequestTimeout, connection.MaximumRetryCount, limiter, time, log);
    }

    /// <summary>Where the storage is, and may be sent the key: the service's own for the service, else the endpoint's host, which the user named.</summary>
    internal static SegmindEndpoint Find(SegmindEndpoint endpoint) =>
        endpoint.IsSameHost(SegmindEndpoint.Parse(SegmindEndpoint.Default)) ? SegmindEndpoint.Parse(Default) : endpoint;

    /// <summary>Uploads an image: <c>POST /upload-asset</c>.</summary>
    /// <param name="image">The image.</param>
    /// <param name="deadline">Until when a passing fault or a rate limit is waited out.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    /// <returns>Its public URL.</returns>
    /// <exception cref="QwenEditException"><see cref="EditError.UploadFailed"/>, or there was no answer. Nothing is billed.</exception>
    internal async Task<Uri> UploadAsync(ImagePayload image, Deadline deadline, CancellationToken cancellationToken)
    {
        ApiResponse answer = await _exchange
            .AskAsync(
                ApiOperation.Upload,
                () => new HttpRequestMessage(HttpMethod.Post, _storage.Upload) { Content = SubmissionBody.OfUpload(image, cancellationToken) },
                () => { },
                deadline,
                cancellationToken,
                cancellationToken)
            .ConfigureAwait(false);
        using var document = JsonDocument.Parse(answer.Body);
        return document.RootElement.TryGetProperty("file_urls", out JsonElement urls) && urls.ValueKind == JsonValueKind.Array && urls.GetArrayLength() > 0
            && Uri.TryCreate(urls[0].ToString(), UriKind.Absolute, out Uri? url) && url.Scheme is "https" or "http"
                ? url
                : throw new QwenEditException(EditError.UploadFailed, $"The storage took the image ({answer.Request}) but gave no address for it, so that no job was made.");
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
