using System.Diagnostics;
using System.Globalization;

namespace QwenEdit.Diagnostics;

/// <summary>
/// The span of one try of an HTTP request, from sending it to the end of its response, according to OpenTelemetry's conventions for HTTP clients:
/// https://opentelemetry.io/docs/specs/semconv/http/http-spans/.
/// </summary>
internal sealed class RequestSpan : IDisposable
{
    private readonly string _method;
    private readonly string _route;
    private readonly Activity? _activity;
    private readonly long _begun = Stopwatch.GetTimestamp();
    private int? _status;
    private string? _error;

    /// <param name="method">GET or POST.</param>
    /// <param name="route">The kind of request, in one word.</param>
    /// <param name="uri">The URL.</param>
    /// <param name="isPublic">Whether anybody who has the URL can read its content. The span then omits the URL.</param>
    /// <param name="resend">How many tries of this request came before.</param>
    internal RequestSpan(string method, string route, Uri uri, bool isPublic = false, int resend = 0)
    {
        _method = method;
        _route = route;
        Metrics.ActiveRequests.Add(1);
        _activity = Metrics.Source.HasListeners() ? Metrics.Source.StartActivity($"{method} {route}", ActivityKind.Client) : null;
        if (_activity is null)
        {
            return;
        }

        _activity.SetTag("http.request.method", method);
        _activity.SetTag("qwenedit.route", route);
        _activity.SetTag("server.address", uri.Host);
        _activity.SetTag("server.port", uri.Port);
        if (!isPublic)
        {
            _activity.SetTag("url.full", uri.GetLeftPart(UriPartial.Path));
        }

        if (resend > 0)
        {
            _activity.SetTag("http.request.resend_count", resend);
        }
    }

    /// <summary>Sets the status code of the response.</summary>
    internal void Answered(int status)
    {
        _status = status;
        _error = status >= 400 ? status.ToString(CultureInfo.InvariantCulture) : null;
    }

    /// <summary>Sets that there is no response, or only a part of one.</summary>
    internal void Failed(Exception exception) => _error = exception.GetType().FullName;

    /// <inheritdoc/>
    public void Dispose()
    {
        Metrics.ActiveRequests.Add(-1);
        if (Metrics.RequestDuration.Enabled)
        {
            TagList tags = new() { { "http.request.method", _method }, { "qwenedit.route", _route } };
            if (_status is { } status)
            {
                tags.Add("http.response.status_code", status);
            }

            if (_error is not null)
            {
                tags.Add("error.type", _error);
            }

            Metrics.RequestDuration.Record((double)(Stopwatch.GetTimestamp() - _begun) / Stopwatch.Frequency, tags);
        }

        if (_activity is not null)
        {
            _activity.SetTag("http.response.status_code", _status);
            if (_error is not null)
            {
                _activity.SetTag("error.type", _error);
                _activity.SetStatus(ActivityStatusCode.Error);
            }

            _activity.Stop();
        }
    }
}
