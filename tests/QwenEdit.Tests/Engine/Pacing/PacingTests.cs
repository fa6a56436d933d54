using QwenEdit.Emulator;
using QwenEdit.Engine;
using QwenEdit.Tests.Support;
using Xunit.Abstractions;

namespace QwenEdit.Tests.Engine.Pacing;

/// <summary>The pace of whole edits, by the emulator's books.</summary>
public sealed class PacingTests(ITestOutputHelper output)
{
    private const int Speed = 20;

    /// <summary>How many edits want to be sent at once.</summary>
    private const int Edits = 20;

    private static readonly ApiRoute[] Gateway = [ApiRoute.Submit, ApiRoute.Sync, ApiRoute.Status, ApiRoute.Result];

    [Theory]
    [InlineData(EditTransport.Async, 10)]
    [InlineData(EditTransport.Sync, 25)]
    public async Task A_promise_is_kept_with_every_call_to_the_gateway_counted(EditTransport transport, int edits)
    {
        EditSettings settings = new() { Transport = transport, RequestsPerMinute = 20, Timeout = TimeSpan.FromHours(1) };
        await using EditBench bench = await EditBench.StartAsync(settings, clock: new FastClock(Speed));

        await EditAsync(bench, edits);

        LedgerRequest[] requests = [.. bench.Emulator.Ledger.Requests.Where(request => Gateway.Contains(request.Route))];
        output.WriteLine($"{requests.Length} requests in {(requests[^1].Time - requests[0].Time).TotalSeconds:0} s");
        // A call arrives later than it leaves: on a busy machine by seconds of this clock, and each by another while.
        Assert.InRange(Most(requests, TimeSpan.FromSeconds(45)), 10, 20);
        Assert.Equal(edits, requests.Count(request => request.Route is ApiRoute.Submit or ApiRoute.Sync));
        Assert.DoesNotContain(requests, request => request.Status == 429);
    }

    [Fact]
    public async Task After_a_reset_there_is_no_herd_and_few_are_refused()
    {
        const int Limit = 30;
        await using EditBench bench = await EditBench.StartAsync(
            new EditSettings { Timeout = TimeSpan.FromHours(1) },
            new EmulatorOptions { RequestsPerMinute = Limit, PollsCount = true, Workers = 0 },
            clock: new FastClock(Speed));

        await EditAsync(bench, Edits);

        LedgerRequest[] requests = [.. bench.Emulator.Ledger.Requests.Where(request => Gateway.Contains(request.Route))];
        DateTimeOffset met = requests.First(request => request.Status == 429).Time;
        DateTimeOffset reset = new(met.Ticks - (met.Ticks % TimeSpan.TicksPerMinute) + TimeSpan.TicksPerMinute, TimeSpan.Zero);
        // All that left after the limit was known.
        LedgerRequest[] after = [.. requests.Where(request => request.Time >= reset)];
        // Before the reset comes only what was on its way when the limit was met: of each edit one request.
        Assert.InRange(requests.Count(request => request.Time > met && request.Time < reset), 0, Edits);
        output.WriteLine($"{after.Length} requests after the first reset, {requests.Count(request => request.Status == 429)} refused");
        output.WriteLine($"at most {Most(after, TimeSpan.FromMilliseconds(100))} within 100 ms, {Most(after, TimeSpan.FromSeconds(45))} within 45 s");
        // A herd would be all of them. A few arrive together on a busy machine, although they left one by one.
        Assert.InRange(Most(after, TimeSpan.FromMilliseconds(100)), 1, Edits / 2);
        // A refused request costs nothing but time. A client without a pace would have every second one refused.
        Assert.InRange(after.Count(request => request.Status == 429), 0, Limit / 3);
        Assert.InRange(requests.Count(request => request.Status == 429), 1, 45);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData(null)]
    public async Task A_limit_without_a_reset_that_can_be_read_is_waited_out_too(string? reset)
    {
        await using EditBench bench = await EditBench.StartAsync(new EditSettings { Timeout = TimeSpan.FromHours(1) }, maximumRetryCount: 0, clock: new FastClock(Speed));
        bench.Emulator.Faults.Add(new Fault
        {
            Kind = FaultKind.Answer,
            Route = ApiRoute.Submit,
            Status = 429,
            Next = Edits,
            Headers = reset is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["x-rate-limit-reset-at-utc"] = reset },
        });

        await EditAsync(bench, Edits);

        Assert.Equal(2 * Edits, bench.Count(ApiRoute.Submit));
        // As above.
        Assert.InRange(Most(bench.Emulator.Ledger.RequestsOn(ApiRoute.Submit).Skip(Edits), TimeSpan.FromMilliseconds(100)), 1, Edits / 2);
    }

    private static async Task EditAsync(EditBench bench, int count)
    {
        EndedEdit[] ended = await Task.WhenAll(Enumerable.Range(1, count).Select(number =>
            bench.EditAsync($"Number {number}", request => request with { Destination = bench.Folder.At($"{number}.png") }))).WaitAsync(TimeSpan.FromMinutes(2));
        Assert.All(ended, edit => Assert.Equal(EditOutcome.Received, edit.Result!.Status));
    }

    // The most requests in any span of a length.
    private static int Most(IEnumerable<LedgerRequest> requests, TimeSpan length)
    {
        DateTimeOffset[] times = [.. requests.Select(request => request.Time).Order()];
        return times.Select((time, first) => times.Skip(first).Count(other => other - time < length)).Max();
    }
}
