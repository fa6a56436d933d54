using QwenEdit.Diagnostics;
using QwenEdit.Journal;
using QwenEdit.RateLimiting;
using QwenEdit.Reconciliation;
using QwenEdit.Segmind;
using QwenEdit.Segmind.Http;

namespace QwenEdit.Editing;

/// <summary>The clients of the hosts that a session speaks to, each host with its own rate limit.</summary>
internal sealed class SegmindClients : IDisposable
{
    private readonly List<RequestRateLimiter> _limiters = [];

    internal SegmindClients(SegmindConnection connection, EditSettings settings, string account, TimeProvider time, IEditLog log)
    {
        RequestRateLimiter own = LimiterOf(connection.Endpoint, settings.RequestsPerMinute);
        Client = new SegmindClient(connection, own, time, log);
        Download = new OutputDownload(connection, time, log);
        if (connection.History is { } history)
        {
            History = new HistoryClient(connection, HistoryImageReader.Of, LimiterOrOwn(history), time, log);
        }

        if (settings.Upload == ImageUpload.Storage)
        {
            Storage = new StorageClient(connection, LimiterOrOwn(StorageClient.Find(connection.Endpoint)), time, log);
        }

        // Another host has another limit, to which -RequestsPerMinute does not apply.
        RequestRateLimiter LimiterOrOwn(SegmindEndpoint host) => host.IsSameHost(connection.Endpoint) ? own : LimiterOf(host, null);

        RequestRateLimiter LimiterOf(SegmindEndpoint host, int? most)
        {
            RateLimitStore store = new(settings.JournalPath, $"{host.Root.GetLeftPart(UriPartial.Authority)} {account}", SlidingWindow.Length, settings.Stopped);
            RequestRateLimiter limiter = new(store, most, time, log);
            _limiters.Add(limiter);
            return limiter;
        }
    }

    /// <summary>The service itself.</summary>
    internal SegmindClient Client { get; }

    /// <summary>The account's request history; <see langword="null"/> where there is none.</summary>
    internal HistoryClient? History { get; }

    /// <summary>The service's storage; <see langword="null"/> where images are sent inline.</summary>
    internal StorageClient? Storage { get; }

    /// <summary>The host of the edited images, which gets no key and knows no limit.</summary>
    internal OutputDownload Download { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Client.Dispose();
        History?.Dispose();
        Storage?.Dispose();
        Download.Dispose();
        foreach (RequestRateLimiter limiter in _limiters)
        {
            limiter.Dispose();
        }
    }
}
