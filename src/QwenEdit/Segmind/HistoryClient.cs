using System.Globalization;
using QwenEdit.Collections;
using QwenEdit.Diagnostics;
using QwenEdit.Segmind.Contracts;
using QwenEdit.Segmind.Http;

namespace QwenEdit.Segmind;

/// <summary>
/// Reads the account's request history, which is on a different host than the service and takes the same key. The paths and parameters are those of
/// the Python SDK 1.3.0. Sends only GET requests.
/// </summary>
internal sealed class HistoryClient : IDisposable
{
    /// <summary>The URL of the service's own history.</summary>
    internal const string Default = "https://api.spotprod.segmind.com";

    /// <summary>The service rejects a range of more days.</summary>
    internal const int MaximumDays = 31;

    // A page that contains whole images has no size limit. A page that is too large to read is requested again in smaller pages. Each size divides
    // the size before it, so that the smaller pages continue where the larger ones stopped.
    private static readonly int[] PageSizes = [100, 20, 5, 1];

    /// <summary>How many rows of one list may be too large to read. A server whose rows are all too large is not a request history.</summary>
    private const int MostUnread = 20;

    /// <summary>How long one request may be retried, and how long a whole list may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly HttpClient _http;
    private readonly ApiPipeline _pipeline;
    private readonly HistoryParser _reader;
    private readonly Uri _list;
    private readonly TimeProvider _time;

    /// <summary>Only one request is looked up at a time, as each response may contain a large image.</summary>
    private readonly SemaphoreSlim _single = new(1);

    /// <summary>Creates a client of the request history.</summary>
    /// <param name="connection">The connection. The key is sent to its history endpoint.</param>
    /// <param name="lookAt">Returns what to keep of an image's bytes.</param>
    /// <param name="limiter">The rate limiter of the history's host.</param>
    /// <param name="time">The clock for the pauses.</param>
    /// <param name="log">Receives an entry for each request.</param>
    internal HistoryClient(SegmindConnection connection, Func<byte[], HistoryImage> lookAt, IRateLimiter limiter, TimeProvider time, IEditLog log)
    {
        _reader = new HistoryParser(lookAt);
        _list = new Uri(connection.History!.Root, "inference-request/request-history");
        _time = time;
        _http = SegmindClient.MakeHttpClient(HttpHandlers.CreateApiHandler(LoopbackProxyBypass.For(connection.History, connection.Proxy)));
        _pipeline = new ApiPipeline(_http, connection, limiter, time, log);
    }

    /// <summary>
    /// Returns the history endpoint that may receive the key: the one that the user names; otherwise, for the service's own host, the service's own;
    /// otherwise none.
    /// </summary>
    /// <param name="named">The URL that the user names; <see langword="null"/> if none.</param>
    /// <param name="endpoint">The service.</param>
    /// <exception cref="QwenEditException"><see cref="EditError.InvalidEndpoint"/>.</exception>
    internal static SegmindEndpoint? Find(string? named, SegmindEndpoint endpoint) =>
        named is { Length: > 0 } ? SegmindEndpoint.Parse(named)
        : endpoint.Root == SegmindEndpoint.Parse(SegmindEndpoint.Default).Root ? SegmindEndpoint.Parse(Default)
        : null;

    /// <summary>
    /// Lists the account's requests in a range of days, the first and the last day included, page by page, as there may be very many.
    /// </summary>
    /// <param name="from">The first day.</param>
    /// <param name="to">The last day, at most <see cref="MaximumDays"/> later.</param>
    /// <param name="model">Lists only requests whose model name contains this text.</param>
    /// <param name="see">Receives each page. A request may be on several pages; the later one is newer.</param>
    /// <param name="cancellationToken">Cancels the list.</param>
    /// <returns>
    /// The date of the first response by the service's clock, <see langword="null"/> if it has none; and how many rows were left out because they are
    /// too large to read or have no valid id.
    /// </returns>
    /// <exception cref="QwenEditException">
    /// There is no history, or it could not be read completely. The pages seen so far then prove nothing.
    /// </exception>
    internal async Task<(DateTimeOffset? Date, int Unread)> ListAsync(
        DateTime from, DateTime to, string? model, Action<IReadOnlyList<HistoryRow>> see, CancellationToken cancellationToken)
    {
        string query = $"from_date={Day(from)}&to_date={Day(to)}&sort_by=model_created&sort_order=asc"
            + (model is null ? string.Empty : $"&model_name={Uri.EscapeDataString(model)}");
        var deadline = new Deadline(_time, Patience);
        CompactStringSet seen = new();
        int size = 0;
        int offset = 0;
        int unread = 0;
        bool mayGrow = false;
        DateTimeOffset? first = null;
        while (true)
        {
            ApiResponse response = await GetAsync(
                new Uri($"{_list}?page={(offset / PageSizes[size]) + 1}&per_page={PageSizes[size]}&{query}"), deadline, cancellationToken).ConfigureAwait(false);
            if (response.Failure == TransportFailure.TooLarge && (size < PageSizes.Length - 1 || unread < MostUnread))
            {
                if (size < PageSizes.Length - 1)
                {
                    size++;
                    mayGrow = false;
                }
                else
                {
                    unread++;
                    offset++;
                    mayGrow = true;
                }

                continue;
            }

            response.EnsureAccepted();
            IReadOnlyList<HistoryRow> page = _reader.List(response.Body, out int leftOut);
            see(page);
            unread += leftOut;
            first ??= response.Headers?.Date;
            bool isNew = false;
            foreach (HistoryRow row in page)
            {
                isNew |= seen.Add(RequestIdComparer.Key(row.RequestId));
            }

            // The list ends at a page without new rows, not at a short page: the service may return fewer rows than requested, and a list that only
            // seems complete would lead to wrong conclusions.
            if (!isNew)
            {
                return (first, unread);
            }

            offset += PageSizes[size];
            if (mayGrow)
            {
                // The large row is behind. Larger pages are used again as soon as one begins at this offset.
                size = Array.FindIndex(PageSizes, larger => offset % larger == 0);
                mayGrow = size > 0;
            }

            if (deadline.Left < TimeSpan.Zero)
            {
                throw new QwenEditException(EditError.TimedOut, $"The request history was not at its end after {Patience.TotalSeconds:0} s.");
            }
        }
    }

    /// <summary>Finds one request of the account, of any age; <see langword="null"/> if the history does not contain it.</summary>
    /// <exception cref="QwenEditException">There is no history.</exception>
    internal async Task<HistoryRow?> FindAsync(string requestId, CancellationToken cancellationToken)
    {
        await _single.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ApiResponse response = await GetAsync(new Uri($"{_list}/{Uri.EscapeDataString(requestId)}"), new Deadline(_time, Patience), cancellationToken).ConfigureAwait(false);
            if (response.Class == ResponseClass.RecordExpired)
            {
                return null;
            }

            response.EnsureAccepted();
            return _reader.Single(response.Body, requestId);
        }
        finally
        {
            _single.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _single.Dispose();
    }

    private Task<ApiResponse> GetAsync(Uri uri, Deadline deadline, CancellationToken cancellationToken) =>
        _pipeline.SendAsync(new ApiRequest(ApiOperation.History, () => HttpHandlers.Get(uri), deadline), cancellationToken);

    private static string Day(DateTime day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
