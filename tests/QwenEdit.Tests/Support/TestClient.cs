using System.Net;
using QwenEdit.Segmind;
using QwenEdit.Segmind.Contracts;
using QwenEdit.Segmind.Http;

namespace QwenEdit.Tests.Support;

/// <summary>A client of the real kind, by a clock that skips pauses, which counts its tries.</summary>
internal sealed class TestClient : ISubmissionSteps, IDisposable
{
    internal const string ApiKey = "SG_0123456789abcdef";

    private readonly TestRateLimiter _limiter;
    private readonly SegmindClient _client;
    private int _tries;
    private int _returned;

    internal TestClient(Uri endpoint, int maximumRetryCount = 2, IWebProxy? proxy = null)
    {
        Connection = new SegmindConnection
        {
            Endpoint = SegmindEndpoint.Parse(endpoint.AbsoluteUri),
            ApiKey = ApiKey,
            Proxy = proxy,
            RequestTimeout = SkippingClock.Limit,
            MaximumRetryCount = maximumRetryCount,
        };
        _limiter = new TestRateLimiter(Clock, Log);
        _client = new SegmindClient(Connection, _limiter.Limiter, Clock, Log);
    }

    internal SegmindConnection Connection { get; }

    internal SkippingClock Clock { get; } = new();

    internal RecordingLog Log { get; } = new();

    /// <summary>How long one submission or question may take in all.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromDays(1);

    /// <summary>What is done before each try of a submission.</summary>
    internal Action BeforeEachTry { get; init; } = () => { };

    /// <summary>How often a submission was begun.</summary>
    internal int Tries => Volatile.Read(ref _tries);

    internal Task<JobReference> SubmitAsync(ImagePayload? image = null, EditRequest? request = null, CancellationToken cancellationToken = default)
    {
        request ??= new EditRequest { Destination = "/nowhere.png", Prompt = "Make it blue" };
        return _client.SubmitAsync(new SubmitRequest(request.Model, EditFields.Of(request).With(request.Seed), image), this, new Deadline(Clock, Patience), cancellationToken);
    }

    void ISubmissionSteps.BeforeTry()
    {
        BeforeEachTry();
        Interlocked.Increment(ref _tries);
    }

    CancellationToken ISubmissionSteps.Stopped => Stopped;

    /// <summary>Breaks off the wait for a turn.</summary>
    internal CancellationToken Stopped { get; init; }

    void ISubmissionSteps.NoJob() => Interlocked.Increment(ref _returned);

    /// <summary>How often a try was found to have made no job, and was to be repeated.</summary>
    internal int Returned => Volatile.Read(ref _returned);

    /// <summary>Submits what must not succeed.</summary>
    internal Task<QwenEditException> SubmitInVainAsync(ImagePayload? image = null) =>
        Assert.ThrowsAsync<QwenEditException>(() => SubmitAsync(image));

    internal Task<JobReport> GetStatusAsync(JobReference? job = null, CancellationToken cancellationToken = default) =>
        _client.GetStatusAsync(job ?? _client.Refer("id-1"), new Deadline(Clock, Patience), cancellationToken);

    internal Task<JobReport> GetResultAsync(JobReference? job = null, CancellationToken cancellationToken = default) =>
        _client.GetResultAsync(job ?? _client.Refer("id-1"), new Deadline(Clock, Patience), cancellationToken);

    /// <summary>An image of that many bytes.</summary>
    internal static ImagePayload Payload(int size = 100) => Payload(TestImages.BeginsAsPng(size));

    internal static ImagePayload Payload(byte[] bytes) => new("image/png", bytes.Length, () => new MemoryStream(bytes, writable: false));

    public void Dispose()
    {
        _client.Dispose();
        _limiter.Dispose();
    }
}
