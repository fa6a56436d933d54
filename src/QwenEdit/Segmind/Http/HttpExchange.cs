using System.Buffers;
using System.Diagnostics;
using System.Net;
using Polly;
using Polly.Timeout;
using QwenEdit.Diagnostics;
using QwenEdit.Segmind.Contracts;

namespace QwenEdit.Segmind.Http;

/// <summary>Sends one message with the key, and reads its response.</summary>
internal sealed class HttpExchange
{
    /// <summary>
    /// The longest response with a base64 image, in bytes: enough for an image of 24 MB. The service's images have about one megapixel.
    /// </summary>
    private const int LongestWithImage = 32 * 1024 * 1024;

    /// <summary>The longest response of any other kind, and the most that is read of an error response, in bytes.</summary>
    private const int Longest = 1024 * 1024;

    private static readonly ResiliencePropertyKey<TimeSpan> LimitKey = new("QwenEdit.Limit");

    private readonly HttpClient _http;
    private readonly string _apiKey;
    private readonly Redactor _secret;
    private readonly ResiliencePipeline _timeout;
    private readonly IEditLog _log;

    internal HttpExchange(HttpClient http, string apiKey, TimeProvider time, IEditLog log)
    {
        _http = http;
        _apiKey = apiKey;
        _secret = new Redactor(apiKey);
        _log = log;
        _timeout = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddTimeout(new TimeoutStrategyOptions { TimeoutGenerator = timeout => new(timeout.Context.Properties.GetValue(LimitKey, default)) })
            .Build();
    }

    /// <summary>Sends a message, and returns its response or how it failed, not classified yet.</summary>
    /// <param name="request">The request.</param>
    /// <param name="limit">How long the exchange may take.</param>
    /// <param name="resend">How often the request was sent before.</param>
    /// <param name="cancellationToken">Cancels the exchange.</param>
    internal async Task<ApiResponse> SendAsync(ApiRequest request, TimeSpan limit, int resend, CancellationToken cancellationToken)
    {
        using HttpRequestMessage message = request.Create();
        message.Headers.Add("x-api-key", _apiKey);
        // On .NET Framework, the default asks the server first whether it accepts the body, which costs a round trip.
        message.Headers.ExpectContinue = false;
        string name = $"{message.Method} {message.RequestUri}";
        var watch = Stopwatch.StartNew();
        using RequestSpan span = new(message.Method.Method, request.Operation.ToString().ToLowerInvariant(), message.RequestUri!, resend: resend);
        ResilienceContext context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(LimitKey, limit);
        try
        {
            ApiResponse response = await _timeout
                .ExecuteAsync(async running => await SendAsync(request, name, message, running.CancellationToken).ConfigureAwait(false), context)
                .ConfigureAwait(false);
            span.Answered((int)response.Status);
            _log.Debug($"{name} -> {(int)response.Status} in {watch.Elapsed.TotalSeconds:0.000} s", new EditEvent("request.answered")
            {
                Status = $"{(int)response.Status}",
                Seconds = watch.Elapsed.TotalSeconds,
            });
            return response;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && IsOfTheNetwork(exception))
        {
            span.Failed(exception);
            _log.Debug(
                $"{name} -> {exception.GetType().Name} after {watch.Elapsed.TotalSeconds:0.000} s: {UrlRedactor.WithoutSecrets(_secret.Cover(exception.Message))}",
                new EditEvent("request.unanswered") { Seconds = watch.Elapsed.TotalSeconds });
            return ResponseReader.OfBroken(name, exception, message.Content as SubmissionBody, _secret);
        }
        catch (Exception exception)
        {
            if (message.Content is SubmissionBody body && body.Withdraw())
            {
                // The request was cancelled, or there is a defect. In both cases nothing was sent.
                request.NoEffect();
            }

            if (!cancellationToken.IsCancellationRequested || !IsOfTheNetwork(exception))
            {
                throw;
            }

            span.Failed(exception);
            // .NET Framework throws other exceptions when a read is cancelled.
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<ApiResponse> SendAsync(ApiRequest request, string name, HttpRequestMessage message, CancellationToken cancellationToken)
    {
        if (_log.WantsExchanges)
        {
            _log.Exchange(HttpTrace.OfRequest(name, message, _http.DefaultRequestHeaders, _secret));
        }

        using HttpResponseMessage response = await _http
            .SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            .ConfigureAwait(false);
        foreach (string headerName in response.Headers.Where(header => header.Value.Any(_secret.IsIn)).Select(header => header.Key).ToArray())
        {
            // A header that contains the key could be used as the request id.
            response.Headers.Remove(headerName);
        }

        if (request.Take is { } take && response.IsSuccessStatusCode && await take(response, cancellationToken).ConfigureAwait(false))
        {
            if (_log.WantsExchanges)
            {
                _log.Exchange(HttpTrace.OfAnswer(name, response, body: null, _secret));
            }

            return new ApiResponse { Request = name, Status = response.StatusCode, IsTaken = true, Headers = response.Headers };
        }

        byte[] body = await ReadBodyAsync(request.Operation, response, cancellationToken).ConfigureAwait(false);
        // A proxy may return what it received, including the key.
        _secret.Cover(body);
        if (_log.WantsExchanges)
        {
            _log.Exchange(HttpTrace.OfAnswer(name, response, body, _secret));
        }

        return ResponseReader.Of(name, response, body);
    }

    private static async Task<byte[]> ReadBodyAsync(ApiOperation operation, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        try
        {
            await ReadBodyAsync(response, body, response.IsSuccessStatusCode ? LongestOf(operation) : Longest, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!response.IsSuccessStatusCode && exception is (IOException or HttpRequestException))
        {
            // The status of an error response is enough.
            return [];
        }
        catch (Exception exception) when (IsOfTheNetwork(exception) && operation == ApiOperation.Submit && JsonBytes.RequestId(body.ToArray()) is not null)
        {
            // The job is known. A status request provides the rest.
        }

        return body.ToArray();
    }

    // A page of the history may contain whole images.
    private static int LongestOf(ApiOperation operation) => operation is ApiOperation.Job or ApiOperation.Sync or ApiOperation.History ? LongestWithImage : Longest;

    private static async Task ReadBodyAsync(HttpResponseMessage response, MemoryStream body, int longest, CancellationToken cancellationToken)
    {
        using Stream stream = await response.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer, 0, buffer.Length, cancellationToken).ConfigureAwait(false)) > 0)
            {
                if (body.Length + read > longest)
                {
                    throw new ResponseTooLargeException($"The answer is larger than {longest} bytes.");
                }

                body.Write(buffer, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool IsOfTheNetwork(Exception exception) =>
        exception is HttpRequestException or IOException or TimeoutRejectedException or OperationCanceledException
            or ObjectDisposedException or WebException
            // The system or the environment names a proxy of a kind that .NET does not support.
            or NotSupportedException;
}

/// <summary>A response that is not read to its end, as it would need too much memory.</summary>
internal sealed class ResponseTooLargeException(string message) : IOException(message);
