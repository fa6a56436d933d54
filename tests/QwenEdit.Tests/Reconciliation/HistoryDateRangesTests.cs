using QwenEdit.Journal;
using QwenEdit.Reconciliation;
using static QwenEdit.Tests.Reconciliation.HistoryMatcherParts;

namespace QwenEdit.Tests.Reconciliation;

/// <summary>Which days of the history are listed.</summary>
public sealed class HistoryDateRangesTests
{
    [Fact]
    public void A_day_before_and_a_day_after_as_nobody_knows_whose_days_they_are() =>
        Assert.Equal([(Day(9, 30), Day(10, 2))], HistoryDateRanges.Of([Edit(1)]));

    [Fact]
    public void Days_that_meet_are_one_span_and_others_are_not_listed() => Assert.Equal(
        [(Day(9, 30), Day(10, 5)), (Day(10, 19), Day(10, 21))],
        HistoryDateRanges.Of([SentOn(20), SentOn(1), SentOn(4)]));

    [Fact]
    public void No_span_is_longer_than_the_history_allows()
    {
        IReadOnlyList<(DateTime From, DateTime To)> spans = HistoryDateRanges.Of(Enumerable.Range(1, 80).Select(SentOn));

        Assert.All(spans, span => Assert.InRange((span.To - span.From).TotalDays, 0, 31));
        Assert.Equal(spans.Skip(1).Select(span => span.From), spans.SkipLast(1).Select(span => span.To.AddDays(1)));
        Assert.Equal((Day(9, 30), Day(12, 20)), (spans[0].From, spans[^1].To));
    }

    [Fact]
    public void A_clock_that_was_behind_the_services_is_not_believed() => Assert.Equal(
        [(Day(9, 30), Day(10, 4))],
        HistoryDateRanges.Of([Edit(1) with { Submitting = Noon.AddDays(-400), SentUntil = Noon.AddDays(-400), ServiceNotBefore = Noon, ServiceNotAfter = Noon.AddDays(2) }]));

    [Fact]
    public void A_clock_that_was_ahead_of_the_services_is_not_believed() => Assert.Equal(
        [(Day(9, 30), Day(10, 4))],
        HistoryDateRanges.Of([Edit(1) with { Submitting = Noon.AddDays(9), SentUntil = Noon.AddDays(9), ServiceNotBefore = Noon, ServiceNotAfter = Noon.AddDays(2) }]));

    private static DateTime Day(int month, int day) => new(2026, month, day);

    private static EditEntry SentOn(int day) =>
        Edit(day) with { Submitting = Noon.AddDays(day - 1), SentUntil = Noon.AddDays(day - 1), ServiceNotAfter = Noon.AddDays(day - 1) };
}
