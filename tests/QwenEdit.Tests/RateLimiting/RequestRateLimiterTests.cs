using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using QwenEdit.Journal;
using QwenEdit.RateLimiting;
using QwenEdit.Segmind.Http;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.RateLimiting;

/// <summary>Requests wait for their turns: those of all processes of a journal together.</summary>
public sealed class RequestRateLimiterTests : IDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly TemporaryFolder _folder = new();
    private readonly List<RequestRateLimiter> _limiters = [];
    private readonly RecordingLog _log = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 10, 1, 12, 0, 0, TimeSpan.Zero));

    public void Dispose()
    {
        _limiters.ForEach(limiter => limiter.Dispose());
        _folder.Dispose();
    }

    [Fact]
    public async Task Several_processes_keep_one_limit_together()
    {
        SkippingClock clock = new();
        RequestRateLimiter[] limiters = [.. Enumerable.Range(0, 3).Select(_ => Open(20, clock))];
        ConcurrentBag<long> turns = [];

        await Task.WhenAll(limiters.SelectMany(limiter => Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            for (int request = 0; request < 10; request++)
            {
                turns.Add(await limiter.AcquireAsync(worker % 2 == 0 ? ApiOperation.Submit : ApiOperation.Job, new Deadline(clock, Day), CancellationToken.None));
            }
        })))).WaitAsync(TimeSpan.FromMinutes(1));

        long[] sent = [.. turns.Order()];
        Assert.Equal(120, sent.Length);
        for (int last = 20; last < sent.Length; last++)
        {
            Assert.True(sent[last] - sent[last - 20] > 60_000, $"21 within {sent[last] - sent[last - 20]} ms");
        }

        Assert.InRange(sent[^1] - sent[0], 5 * 60_000, 7 * 60_000);
    }

    [Fact]
    public async Task A_submission_goes_before_the_polls_that_wait()
    {
        RequestRateLimiter limiter = Open(6);
        await Acquire(limiter, ApiOperation.Job);
        Task<long>[] polls = [Acquire(limiter, ApiOperation.Job), Acquire(limiter, ApiOperation.Job)];
        Task<long> submission = Acquire(limiter, ApiOperation.Submit);

        await PassUntilAsync(Task.WhenAll([.. polls, submission]));

        Assert.All(polls, poll => Assert.True(submission.Result < poll.Result));
    }

    [Fact]
    public async Task A_pause_of_an_earlier_start_of_the_machine_is_removed_and_does_not_come_back()
    {
        using RateLimitStore store = new(_folder["journal.db"], "test", SlidingWindow.Length);
        long now = _time.GetTimestamp() / (_time.TimestampFrequency / 1000);
        store.Change(() => now + 3_600_000, (record, later) => record.State = RateLimitBackoff.Refused(record.State, later, later, 60_000, 0));
        Assert.NotEqual(new RateLimitState(), store.Read());

        RequestRateLimiter limiter = Open(null);
        await Acquire(limiter, ApiOperation.Job);

        Assert.Equal(new RateLimitState(), store.Read());
        _time.Advance(TimeSpan.FromHours(1));
        Assert.True(Acquire(limiter, ApiOperation.Job).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Without_a_limit_a_request_passes_at_once_and_writes_nothing()
    {
        RequestRateLimiter limiter = Open(null);

        Task<long>[] requests = [.. Enumerable.Range(0, 500).Select(_ => Acquire(limiter, ApiOperation.Job))];

        Assert.All(requests, request => Assert.True(request.IsCompletedSuccessfully));
        using JournalStore store = JournalStore.Open(_folder["journal.db"]);
        Assert.Equal(0, store.Read(connection => connection.Scalar("SELECT (SELECT count(*) FROM rate_limit) + (SELECT count(*) FROM rate_limit_request)")));
        await Task.WhenAll(requests);
    }

    [Fact]
    public async Task A_limit_that_one_process_meets_holds_the_others_too()
    {
        SkippingClock clock = new();
        RequestRateLimiter one = Open(null, clock);
        RequestRateLimiter other = Open(null, clock);
        await Acquire(other, ApiOperation.Job);
        long turn = await Acquire(one, ApiOperation.Submit);

        TimeSpan wait = one.Report(turn, ResponseClass.WaitForReset, TimeSpan.FromSeconds(40));
        clock.Advance(TimeSpan.FromSeconds(2));
        long passed = await Acquire(other, ApiOperation.Job).Soon();

        Assert.Equal(TimeSpan.FromSeconds(40), wait);
        Assert.True(passed - turn >= 40_000, $"{passed - turn} ms after the refusal");
        Assert.Contains("rate limit is reached (429)", _log.Everything, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(30.0)]
    [InlineData(null)]
    public async Task After_a_pause_the_requests_of_all_processes_leave_one_by_one(double? reset)
    {
        SkippingClock clock = new();
        RequestRateLimiter[] limiters = [.. Enumerable.Range(0, 3).Select(_ => Open(null, clock))];
        long turn = await Acquire(limiters[0], ApiOperation.Submit);
        TimeSpan wait = limiters[0].Report(turn, ResponseClass.WaitForReset, reset is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        clock.Advance(TimeSpan.FromSeconds(1));

        long[] turns = [.. (await Task.WhenAll(
            limiters.SelectMany(limiter => Enumerable.Range(0, 10).Select(_ => Acquire(limiter, ApiOperation.Submit)))).WaitAsync(TimeSpan.FromMinutes(1))).Order()];

        Assert.InRange(wait.TotalSeconds, reset ?? 1, reset ?? 2);
        Assert.True(turns[0] >= turn + wait.TotalMilliseconds, $"{turns[0] - turn} ms after the refusal");
        // On a busy machine the clock may skip the pause twice: the gap ends ten seconds after the reset.
        double gapEnds = turn + wait.TotalMilliseconds + RateLimitBackoff.GapKept;
        Assert.All(
            turns.Zip(turns.Skip(1)).Where(pair => pair.Second < gapEnds),
            pair => Assert.InRange(pair.Second - pair.First, RateLimitBackoff.Gap, long.MaxValue));
    }

    [Fact]
    public async Task A_request_that_is_accepted_ends_the_doubling_of_the_pause()
    {
        SkippingClock clock = new();
        RequestRateLimiter limiter = Open(null, clock);
        for (int refusal = 0; refusal < 3; refusal++)
        {
            limiter.Report(await Acquire(limiter, ApiOperation.Submit).Soon(), ResponseClass.WaitForReset, null);
        }

        limiter.Report(await Acquire(limiter, ApiOperation.Submit).Soon(), ResponseClass.Accept, null);
        TimeSpan wait = limiter.Report(await Acquire(limiter, ApiOperation.Submit).Soon(), ResponseClass.WaitForReset, null);

        Assert.InRange(wait.TotalSeconds, 1, 2);
    }

    [Fact]
    public async Task A_call_without_a_limit_joins_that_of_another_and_its_own_requests_count()
    {
        RequestRateLimiter free = Open(null);
        long last = 0;
        for (int request = 0; request < 10; request++)
        {
            last = await Acquire(free, ApiOperation.Job);
        }

        RequestRateLimiter limited = Open(10);
        await Acquire(limited, ApiOperation.Job);
        _time.Advance(TimeSpan.FromSeconds(2));

        // Reads the limit, shares its ten requests, and waits until the minute is over.
        Task<long> next = Acquire(free, ApiOperation.Job);
        Task<long> after = Acquire(limited, ApiOperation.Job);
        await PassUntilAsync(Task.WhenAll(next, after));
        Assert.All([await next, await after], turn => Assert.True(turn - last >= 60_000, $"{turn - last} ms after the last of the ten."));
    }

    [Fact]
    public async Task Whoever_gives_up_is_released_at_once()
    {
        RequestRateLimiter limiter = Open(null);
        limiter.Report(await Acquire(limiter, ApiOperation.Submit), ResponseClass.WaitForReset, TimeSpan.FromMinutes(10));
        using CancellationTokenSource cancellation = new();
        Task<long> waiting = limiter.AcquireAsync(ApiOperation.Submit, new Deadline(_time, Day), cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Soon());
    }

    [Fact]
    public async Task A_turn_that_comes_too_late_is_refused_at_once()
    {
        RequestRateLimiter limiter = Open(null);
        limiter.Report(await Acquire(limiter, ApiOperation.Submit), ResponseClass.WaitForReset, TimeSpan.FromMinutes(5));

        QwenEditException error = await Assert.ThrowsAsync<QwenEditException>(() =>
            limiter.AcquireAsync(ApiOperation.Job, new Deadline(_time, TimeSpan.FromMinutes(1)), CancellationToken.None).Soon());

        Assert.Equal(EditError.RateLimited, error.Error);
    }

    [Fact]
    public async Task A_process_whose_journal_fails_keeps_its_own_limit_and_says_so_once()
    {
        File.WriteAllText(_folder["file"], "no folder");
        RequestRateLimiter limiter = new(new RateLimitStore(_folder["file", "journal.db"], "test", SlidingWindow.Length), 2, _time, _log);
        _limiters.Add(limiter);
        Task<long>[] requests = [.. Enumerable.Range(0, 3).Select(_ => Acquire(limiter, ApiOperation.Job))];

        await PassUntilAsync(Task.WhenAll(requests));

        long[] turns = [.. (await Task.WhenAll(requests)).Order()];
        Assert.True(turns[2] - turns[0] > 60_000);
        Assert.Single(_log.Warnings);
    }

    private RequestRateLimiter Open(int? most, TimeProvider? time = null)
    {
        RequestRateLimiter limiter = new(new RateLimitStore(_folder["journal.db"], "test", SlidingWindow.Length), most, time ?? _time, _log);
        _limiters.Add(limiter);
        return limiter;
    }

    private Task<long> Acquire(RequestRateLimiter limiter, ApiOperation route) => limiter.AcquireAsync(route, new Deadline(_time, Day), CancellationToken.None);

    // Lets time pass in steps, as timers are set by other threads. The turns tell what time it was.
    private async Task PassUntilAsync(Task task)
    {
        Deadline patience = new(TimeProvider.System, TimeSpan.FromMinutes(1));
        while (!task.IsCompleted && patience.Left > TimeSpan.Zero)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(2);
        }

        await task.Soon();
    }
}
