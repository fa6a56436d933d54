using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using QwenEdit.Engine;
using QwenEdit.Journal;
using QwenEdit.Segmind;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Engine.Pacing;

/// <summary>Requests wait for their turns: those of all processes of a journal together.</summary>
public sealed class RequestGateTests : IDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly TemporaryFolder _folder = new();
    private readonly List<RequestGate> _gates = [];
    private readonly RecordingLog _log = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 10, 1, 12, 0, 0, TimeSpan.Zero));

    public void Dispose()
    {
        _gates.ForEach(gate => gate.Dispose());
        _folder.Dispose();
    }

    [Fact]
    public async Task Several_processes_keep_one_promise_together()
    {
        SkippingClock clock = new();
        RequestGate[] gates = [.. Enumerable.Range(0, 3).Select(_ => Open(20, clock))];
        ConcurrentBag<long> turns = [];

        await Task.WhenAll(gates.SelectMany(gate => Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            for (int request = 0; request < 10; request++)
            {
                turns.Add(await gate.EnterAsync(worker % 2 == 0 ? Route.Submit : Route.Job, new Deadline(clock, Day), CancellationToken.None));
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
        RequestGate gate = Open(6);
        await Enter(gate, Route.Job);
        Task<long>[] polls = [Enter(gate, Route.Job), Enter(gate, Route.Job)];
        Task<long> submission = Enter(gate, Route.Submit);

        Task first = await PassUntilAsync(() => Task.WhenAny([.. polls, submission]));

        Assert.Same(submission, first);
    }

    [Fact]
    public async Task Without_a_limit_a_request_passes_at_once_and_writes_nothing()
    {
        RequestGate gate = Open(null);

        Task<long>[] requests = [.. Enumerable.Range(0, 500).Select(_ => Enter(gate, Route.Job))];

        Assert.All(requests, request => Assert.True(request.IsCompletedSuccessfully));
        using JournalStore store = JournalStore.Open(_folder["journal.db"]);
        Assert.Equal(0, store.Read(connection => connection.Scalar("SELECT (SELECT count(*) FROM pace) + (SELECT count(*) FROM pace_request)")));
        await Task.WhenAll(requests);
    }

    [Fact]
    public async Task A_limit_that_one_process_meets_holds_the_others_too()
    {
        RequestGate one = Open(null);
        RequestGate other = Open(null);
        await Enter(other, Route.Job);
        long turn = await Enter(one, Route.Submit);

        TimeSpan wait = one.Answered(turn, Verdict.WaitForReset, TimeSpan.FromSeconds(40));
        _time.Advance(TimeSpan.FromSeconds(2));
        Task<long> poll = Enter(other, Route.Job);
        Assert.False(poll.IsCompleted);
        long passed = await (Task<long>)await PassUntilAsync(() => Task.WhenAny(poll));

        Assert.Equal(TimeSpan.FromSeconds(40), wait);
        Assert.InRange(passed - turn, 40_000, 42_000);
        Assert.Equal((1, 0), (one.Strains, other.Strains));
        Assert.Contains("rate limit is met", _log.Everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_without_a_promise_joins_that_of_another_and_brings_its_own_requests()
    {
        RequestGate free = Open(null);
        long last = 0;
        for (int request = 0; request < 10; request++)
        {
            last = await Enter(free, Route.Job);
        }

        RequestGate promised = Open(10);
        await Enter(promised, Route.Job);
        _time.Advance(TimeSpan.FromSeconds(2));

        // Hears of the promise, tells of the ten, and waits for the minute to be over.
        Task<long> next = Enter(free, Route.Job);
        Task<long> after = Enter(promised, Route.Job);
        await PassUntilAsync(() => Task.WhenAll(next, after));
        Assert.All([await next, await after], turn => Assert.True(turn - last >= 60_000, $"{turn - last} ms after the last of the ten."));
    }

    [Fact]
    public async Task Whoever_gives_up_is_released_at_once()
    {
        RequestGate gate = Open(null);
        gate.Answered(await Enter(gate, Route.Submit), Verdict.WaitForReset, TimeSpan.FromMinutes(10));
        using CancellationTokenSource cancellation = new();
        Task<long> waiting = gate.EnterAsync(Route.Submit, new Deadline(_time, Day), cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Soon());
    }

    [Fact]
    public async Task A_turn_that_comes_too_late_is_refused_at_once()
    {
        RequestGate gate = Open(null);
        gate.Answered(await Enter(gate, Route.Submit), Verdict.WaitForReset, TimeSpan.FromMinutes(5));

        QwenEditException error = await Assert.ThrowsAsync<QwenEditException>(() =>
            gate.EnterAsync(Route.Job, new Deadline(_time, TimeSpan.FromMinutes(1)), CancellationToken.None).Soon());

        Assert.Equal(EditError.RateLimited, error.Error);
    }

    [Fact]
    public async Task A_process_whose_journal_fails_keeps_its_own_pace_and_says_so_once()
    {
        File.WriteAllText(_folder["file"], "no folder");
        RequestGate gate = new(new PaceBook(_folder["file", "journal.db"], "test", RequestWindow.Length), 2, _time, _log);
        _gates.Add(gate);
        Task<long>[] requests = [.. Enumerable.Range(0, 3).Select(_ => Enter(gate, Route.Job))];

        await PassUntilAsync(() => Task.WhenAll(requests));

        long[] turns = [.. (await Task.WhenAll(requests)).Order()];
        Assert.True(turns[2] - turns[0] > 60_000);
        Assert.Single(_log.Warnings);
    }

    private RequestGate Open(int? most, TimeProvider? time = null)
    {
        RequestGate gate = new(new PaceBook(_folder["journal.db"], "test", RequestWindow.Length), most, time ?? _time, _log);
        _gates.Add(gate);
        return gate;
    }

    private Task<long> Enter(RequestGate gate, Route route) => gate.EnterAsync(route, new Deadline(_time, Day), CancellationToken.None);

    // Lets time pass in steps, as timers are set by other threads.
    private async Task<Task> PassUntilAsync(Func<Task> begin) => await Task.Run(async () =>
    {
        Task task = begin();
        for (int step = 0; step < 2000 && !task.IsCompleted; step++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(2);
        }

        await task.Soon();
        return task is Task<Task> any ? await any : task is Task<Task<long>> turn ? await turn : task;
    });
}
