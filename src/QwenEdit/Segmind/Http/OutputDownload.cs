using System.Net;
using Polly;
using Polly.Retry;
using Polly.Timeout;
using QwenEdit.Diagnostics;
using QwenEdit.Segmind.Contracts;

namespace QwenEdit.Segmind.Http;

/// <summary>Downloads edited images from public URLs, without the key.</summary>
internal sealed class OutputDownload : IDisposable
{
    /// <summary>The shortest time for a download that begins when the edit's time is up, after the last poll found the image.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    private static readonly ResiliencePropertyKey<TimeSpan> LimitKey = new("QwenEdit.DownloadLimit");

    private readonly HttpClient _http;
    private readonly TimeSpan _requestTimeout;
    private readonly IEditLog _log;
    private readonly ResiliencePipeline _download;
    private readonly ResiliencePipeline _attempt;

    internal OutputDownload(SegmindConnection connection, TimeProvider time, IEditLog log)
    {
        _http = SegmindClient.MakeHttpClient(HttpHandlers.CreateOutputHandler(LoopbackProxyBypass.For(connection.Endpoint, connection.Proxy)));
        _requestTimeout = connection.RequestTimeout;
        _log = log;
        _attempt = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddTimeout(new TimeoutStrategyOptions { TimeoutGenerator = _ => new(connection.RequestTimeout) })
            .Build();
        ResiliencePipelineBuilder download = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddTimeout(new TimeoutStrategyOptions { TimeoutGenerator = timeout => new(timeout.Context.Properties.GetValue(LimitKey, default)) });
        if (connection.MaximumRetryCount > 0)
        {
            download.AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<QwenEditException>(failure => failure.Error == EditError.OutputInvalid),
                MaxRetryAttempts = connection.MaximumRetryCount,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromSeconds(1),
                MaxDelay = TimeSpan.FromSeconds(30),
                OnRetry = arguments =>
                {
                    log.Verbose($"{arguments.Outcome.Exception!.Message} Again in {arguments.RetryDelay.TotalSeconds:0.0} s.");
                    return default;
                },
            });
        }

        _download = download.Build();
    }

    /// <summary>
    /// Passes the image, with its length if known, to a reader. Starts again from the beginning if the image does not arrive completely.
    /// </summary>
    /// <param name="output">The URL of the image.</param>
    /// <param name="read">
    /// Reads the whole image; throws <see cref="EditError.OutputInvalid"/> if the data is not the complete image.
    /// </param>
    /// <param name="deadline">The time limit, including all retries.</param>
    /// <param name="cancellationToken">Cancels the download.</param>
    /// <exception cref="QwenEditException">
    /// <see cref="EditError.OutputInvalid"/>: no try received the complete image. <see cref="EditError.TimedOut"/>: the image did not arrive in time.
    /// </exception>
    internal async Task<T> ReadAsync<T>(
        JobOutput output, Func<Stream, long?, CancellationToken, Task<T>> read, Deadline deadline, CancellationToken cancellationToken)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(LimitKey, deadline.Limit(Least, deadline.Span));
        try
        {
            return await _download
                .ExecuteAsync(async running => await ReadOnceAsync(output, read, running.CancellationToken).ConfigureAwait(false), context)
                .ConfigureAwait(false);
        }
        catch (TimeoutRejectedException exception)
        {
            throw new QwenEditException(
                EditError.TimedOut,
                $"The edited image did not arrive within the {deadline.Span.TotalSeconds:0} s of the edit. It can still be received.",
                exception.InnerException);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<T> ReadOnceAsync<T>(
        JobOutput output, Func<Stream, long?, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        if (output.Url is not { } url)
        {
            using var bytes = new MemoryStream(output.Bytes!, writable: false);
            return await read(bytes, output.Bytes!.Length, cancellationToken).ConfigureAwait(false);
        }

        using RequestSpan span = new("GET", "output", url, isPublic: true);
        try
        {
            return await _attempt
                .ExecuteAsync(async token => await GetAsync(url, span, read, token).ConfigureAwait(false), cancellationToken)
                .ConfigureAwait(false);
        }
        catch (TimeoutRejectedException exception)
        {
            span.Failed(exception);
            cancellationToken.ThrowIfCancellationRequested();
            throw Unreachable(url, $"it took longer than {_requestTimeout.TotalSeconds:0} s", exception.InnerException);
        }
        catch (Exception exception) when (
            exception is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException or WebException)
        {
            span.Failed(exception);
            cancellationToken.ThrowIfCancellationRequested();
            throw Unreachable(url, exception.Message, exception);
        }
        catch (QwenEditException exception) when (exception.Error == EditError.OutputInvalid && cancellationToken.IsCancellationRequested)
        {
            // On .NET Framework, the content of a cancelled request may end as if the image was cut short.
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }
    }

    private async Task<T> GetAsync<T>(
        Uri url, RequestSpan span, Func<Stream, long?, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = HttpHandlers.Get(url);
        using HttpResponseMessage response = await _http
            .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            .ConfigureAwait(false);
        span.Answered((int)response.StatusCode);
        string name = $"GET {UrlRedactor.WithoutSecrets(url.AbsoluteUri)}";
        _log.Debug($"{name} -> {(int)response.StatusCode}", new EditEvent("output.answered") { Status = $"{(int)response.StatusCode}" });
        if (_log.WantsExchanges)
        {
            // The request has nothing but its URL.
            _log.Exchange(HttpTrace.OfAnswer(name, response, body: null, secret: null));
        }

        // Only a 200 is the whole image: a 206 is a part that was not requested.
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new QwenEditException(EditError.OutputInvalid, $"The edited image at {url} can't be downloaded ({(int)response.StatusCode}).")
            {
                StatusCode = (int)response.StatusCode,
            };
        }

        using Stream content = await response.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        return await read(content, response.Content.Headers.ContentLength, cancellationToken).ConfigureAwait(false);
    }

    private static QwenEditException Unreachable(Uri url, string why, Exception? exception) =>
        new(EditError.OutputInvalid, $"The edited image at {url} can't be downloaded: {why}", exception);
}
