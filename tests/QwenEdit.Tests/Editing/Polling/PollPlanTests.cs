using System.Globalization;
using QwenEdit.Editing.Polling;
using Xunit.Abstractions;

namespace QwenEdit.Tests.Editing.Polling;

/// <summary>The plan asks seldom and sees the end soon, however the latencies are spread.</summary>
public sealed class PollPlanTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("8.7 s, log-normal, 10 %", 3.5, 0.4)]
    [InlineData("8.7 s, normal, 10 %", 3.5, 0.4)]
    [InlineData("8.7 s, log-normal, 30 %", 6, 0.5)]
    [InlineData("8.7 s, normal, 30 %", 6, 0.5)]
    [InlineData("8.7 s, uniform, ± 30 %", 6, 0.5)]
    [InlineData("1 s, steady", 1.5, 0.03)]
    [InlineData("60 s, steady", 1.5, 1.2)]
    [InlineData("60 s, log-normal, 10 %", 3.5, 2.7)]
    [InlineData("1 s, log-normal, 30 %", 6, 0.06)]
    [InlineData("bimodal: 40 s, or 90 s for 40 %", 6, 3)]
    [InlineData("bimodal: 6 s, or 14 s for 40 %", 6, 0.5)]
    [InlineData("drifting from 6 s to 14 s", 6, 0.5)]
    [InlineData("heavy tail: 5 s and more (Pareto, 2)", 7.5, 0.8)]
    [InlineData("sudden shifts: 8.7 s, 20 s, 5 s", 6, 1)]
    public void Polls_and_delay_stay_below_their_bounds(string kind, double polls, double lag)
    {
        (double Polls, double Lag) seen = PollPolicy.Planned.Simulate(LatencyKind.All.Single(each => each.Name == kind).Latencies());

        output.WriteLine($"{seen.Polls:0.00} polls, {seen.Lag:0.000} s");
        Assert.InRange(seen.Polls, 1, polls);
        Assert.InRange(seen.Lag, 0, lag);
    }

    [Fact]
    public void The_comparison_in_the_documentation_is_what_the_simulation_says()
    {
        using StreamReader reader = new(typeof(PollPlanTests).Assembly.GetManifestResourceStream("polling.md")!);
        string document = reader.ReadToEnd();
        List<string> stale = [];
        foreach (LatencyKind kind in LatencyKind.All)
        {
            string[] cells = [.. PollPolicy.All.Select(policy => policy.Simulate(kind.Latencies())).Select(Cell)];
            string row = $"| {kind.Name} | {string.Join(" | ", cells)} |";
            output.WriteLine(row);
            if (!document.Contains(row, StringComparison.Ordinal))
            {
                stale.Add(row);
            }
        }

        Assert.Empty(stale);
    }

    [Fact]
    public void A_plan_without_spread_asks_once_just_after_the_end()
    {
        PollPlan plan = new([4, 4, 4, 4, 4, 4]);

        Assert.InRange(plan.Next(0), 4, 4.1);
        Assert.InRange(plan.Next(2), 4, 4.1);
    }

    [Fact]
    public void A_plan_does_not_ask_where_no_job_has_ended()
    {
        PollPlan plan = new([.. Enumerable.Range(0, 20).Select(job => job % 2 == 0 ? 5 + (job / 100.0) : 30 + (job / 100.0))]);

        Assert.InRange(plan.Next(0), 5, 6);
        Assert.InRange(plan.Next(6), 30, 31);
    }

    [Fact]
    public void A_job_that_takes_longer_than_any_before_is_asked_for_every_few_seconds_at_least()
    {
        PollPlan plan = new([8, 9, 10, 11, 12]);
        for (double age = 13; age < 3600; age = plan.Next(age))
        {
            Assert.InRange(plan.Next(age) - age, 0.1, 5);
        }
    }

    [Fact]
    public void Time_goes_on_whatever_was_seen()
    {
        Random random = new(3);
        for (int round = 0; round < 300; round++)
        {
            double scale = Math.Pow(10, random.Next(-3, 4));
            PollPlan plan = new([.. Enumerable.Range(0, random.Next(PollPlan.Fewest, 60)).Select(_ => random.Next(0, 9) * scale)]);
            double age = 0;
            for (int poll = 0; poll < 300; poll++)
            {
                double next = plan.Next(age);
                Assert.True(next > age, $"{next.ToString(CultureInfo.InvariantCulture)} after {age.ToString(CultureInfo.InvariantCulture)}");
                age = next;
            }
        }
    }

    private static string Cell((double Polls, double Lag) seen) =>
        string.Create(CultureInfo.InvariantCulture, $"{seen.Polls:0.0} / {seen.Lag:0.00}");
}
