using QwenEdit.Diagnostics;
using QwenEdit.Journal;
using QwenEdit.RateLimiting;

namespace QwenEdit.Tests.Support;

/// <summary>A rate limiter with a journal of its own.</summary>
internal sealed class TestRateLimiter : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    internal TestRateLimiter(TimeProvider time, IEditLog? log = null) =>
        Limiter = new RequestRateLimiter(new RateLimitStore(_folder["journal.db"], "test", SlidingWindow.Length), null, time, log ?? new RecordingLog());

    internal RequestRateLimiter Limiter { get; }

    public void Dispose()
    {
        Limiter.Dispose();
        _folder.Dispose();
    }
}
