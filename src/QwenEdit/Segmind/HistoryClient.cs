using System.Globalization;
using System.Net.Http;
using QwenEdit.Collections;
using QwenEdit.Commands.Parameters;
using QwenEdit.Compatibility;
using QwenEdit.Diagnostics;
using QwenEdit.Segmind.Contracts;
using QwenEdit.Segmind.Http;

namespace QwenEdit.Segmind;

/// <summary>
/// Asks the account's request history, which is on another host than the service itself and takes the same key (the paths and parameters
/// of the Python SDK 1.3.0). GETs only.
/// </summary>
internal sealed class HistoryClient : IDisposable
{
    /// <summary>Where the service's own history is.</summary>
    internal const string Default = "https://api.spotprod.segmind.com";

    /// <summary>A span of more days is refused.</summary>
    internal const int MaximumDays = 31;

    // A page with whole images may be any size; one that is too large to be read is asked for in smaller pages. Each divides the one before it, so that the smaller pages go on where the larger ones stopped.
    private static readonly int[] PageSizes = [100, 20, 5, 1];

    /// <summary>How many records of one listing may be too large; a server that answers everything so is no history.</summary>
    private const int MostUnread = 20;

    /// <summary>How long one question may be repeated, and a whole listing may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly HttpClient _http;
    private readonly ApiPipeline _exchange;
    private readonly HistoryParser _reader;
    private readonly Uri _list;
    private readonly TimeProvider _time;

    /// <summary>One request at a time is looked up, as each may have a large image in it.</summary>
    private readonly SemaphoreSlim _single = new(1);

    /// <summary>Makes ready to ask.</summary>
    /// <param name="connection">The connection; its history's endpoint gets the key.</param>
    /// <param name="lookAt">Says of an image's bytes what is to be kept of them.</param>
    /// <param name="limiter">Decides when a request to its host may leave.</param>
    /// <param name="time">The clock of the pauses.</param>
    /// <param name="log">Hears of every question.</param>
    internal HistoryClient(SegmindConnection connection, Func<byte[], HistoryImage> lookAt, IRateLimiter limiter, TimeProvider time, IEditLog log)
    {
        _reader = new HistoryParser(lookAt);
        _list = new Uri(connection.History!.Root, "inference-request/request-history");
        _time = time;
        _http = SegmindClient.MakeHttpClient(HttpHandlers.CreateApiHandler(LoopbackProxyBypass.For(connection.History, connection.Proxy)));
        _exchange = new ApiPipeline(_http, connection.ApiKey, connection.RequestTimeout, connection.MaximumRetryCount, limiter, time, log);
    }

    /// <summary>Where the history is, and may be sent the key: where the user says, else the service's own for the service, else nowhere.</summary>
    /// <param name="named">As the user names it, if so.</param>
    /// <param name="endpoint">The service.</param>
    /// <exception cref="QwenEditException"><see cref="EditError.InvalidEndpoint"/>.</exception>
    internal static SegmindEndpoint? Find(string? named, SegmindEndpoint endpoint) =>
        named is { Length: > 0 } ? SegmindEndpoint.Parse(named)
        : endpoint.Root == SegmindEndpoint.Parse(SegmindEndpoint.Default).Root ? SegmindEndpoint.Parse(Default)
        : null;

    /// <summary>The account's requests of a span of days, the first and the last included, a page at a time: there may be very many.</summary>
    /// <param name="from">The first day.</param>
    /// <param name="to">The last day, at most <see cref="MaximumDays"/> later.</param>
    /// <param name="model">Only those whose model's name contains this.</param>
    /// <param name="see">Sees each page. A request may be on several; the later one is the newer reading.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    /// <returns>
    /// The date of the first answer, by the service's clock, <see langword="null"/> if it has none; and how many records were left out, as each is too
    /// large to be read, or has an id that can be none.
    /// </returns>
    /// <exception cref="QwenEditException">There is no history, or it could not be read to its end: what was seen of it proves nothing.</exception>
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
            IReadOnlyList<HistoryRow> page;
            DateTimeOffset? date;
            int leftOut;
            try
            {
                (page, leftOut, date) = await PageAsync($"page={(offset / PageSizes[size]) + 1}&per_page={PageSizes[size]}&{query}", deadline, cancellationToken).ConfigureAwait(false);
            }
            catch (QwenEditException exception) when (exception.InnerException is ResponseTooLargeException && (size < PageSizes.Length - 1 || unread < MostUnread))
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

            see(page);
            unread += leftOut;
            first ??= date;
            bool isNew = false;
            foreach (HistoryRow row in page)
            {
                isNew |= seen.Add(RequestIdComparer.Key(row.RequestId));
            }

            // Not by the page's length: the service may give fewer than were asked for, and a list that seems complete proves what it should not.
            if (!isNew)
            {
                return (first, unread);
            }

            offset += PageSizes[size];
            if (mayGrow)
            {
                // Past a large record, as soon as a larger page begins here.
                size = Array.FindIndex(PageSizes, larger => offset % larger == 0);
                mayGrow = size > 0;
            }

            if (deadline.Left < TimeSpan.Zero)
            {
                throw new QwenEditException(EditError.TimedOut, $"The request history was not at its end after {Patience.TotalSeconds:0} s.");
            }
        }
    }

    /// <summary>One request of the account, of any age; <see langword="null"/> if the history does not have it.</summary>
    /// <exception cref="QwenEditException">There is no history.</exception>
    internal async Task<HistoryRow?> FindAsync(string requestId, CancellationToken cancellationToken)
    {
        await _single.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ApiResponse answer = await AskAsync(new Uri($"{_list}/{Uri.EscapeDataString(requestId)}"), new Deadline(_time, Patience), cancellationToken).ConfigureAwait(false);
            return _reader.Single(answer.Body, requestId);
        }
        catch (QwenEditException exception) when (exception.StatusCode == 404)
        {
            return null;
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

    private async Task<(IReadOnlyList<HistoryRow> Page, int Unread, DateTimeOffset? Date)> PageAsync(string query, Deadline deadline, CancellationToken cancellationToken)
    {
        ApiResponse answer = await AskAsync(new Uri($"{_list}?{query}"), deadline, cancellationToken).ConfigureAwait(false);
        return (_reader.List(answer.Body, out int unread), unread, answer.Headers?.Date);
    }

    private Task<ApiResponse> AskAsync(Uri uri, Deadline deadline, CancellationToken cancellationToken) =>
        _exchange.AskAsync(ApiOperation.History, () => HttpHandlers.Get(uri), () => { }, deadline, cancellationToken, cancellationToken);

    private static string Day(DateTime day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
