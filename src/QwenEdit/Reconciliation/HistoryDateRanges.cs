using QwenEdit.Journal;
using QwenEdit.Segmind;

namespace QwenEdit.Reconciliation;

/// <summary>Which days of the history are listed, in ranges that the history allows.</summary>
internal static class HistoryDateRanges
{
    // The time zone of the history's days is not documented.
    private static readonly TimeSpan Zone = TimeSpan.FromDays(1);

    /// <summary>Returns the first and the last day of each range. The days around the submission of an edit are in one range.</summary>
    internal static IReadOnlyList<(DateTime From, DateTime To)> Of(IEnumerable<EditEntry> edits)
    {
        List<(DateTime From, DateTime To)> spans = [];
        foreach (EditEntry edit in edits.OrderBy(edit => SentBetween(edit).First))
        {
            (DateTimeOffset first, DateTimeOffset last) = SentBetween(edit);
            DateTime from = (first - HistoryMatcher.Around - Zone).UtcDateTime.Date;
            DateTime to = (last + HistoryMatcher.Around + Zone).UtcDateTime.Date;
            if (spans.Count > 0 && from <= spans[^1].To.AddDays(1))
            {
                from = spans[^1].From;
                to = to > spans[^1].To ? to : spans[^1].To;
                spans.RemoveAt(spans.Count - 1);
            }

            spans.Add((from, to));
        }

        return [.. spans.SelectMany(Split)];
    }

    // The time by this machine's clock, unless the service's clock shows that it was wrong.
    private static (DateTimeOffset First, DateTimeOffset Last) SentBetween(EditEntry edit)
    {
        DateTimeOffset first = edit.Submitting!.Value;
        DateTimeOffset last = edit.SentUntil ?? first;
        return edit.ServiceNotBefore is { } notBefore && notBefore > last + HistoryMatcher.ClockMargin ? (notBefore, edit.ServiceNotAfter ?? notBefore)
            : edit.ServiceNotAfter is { } notAfter && notAfter < first - HistoryMatcher.ClockMargin ? (edit.ServiceNotBefore ?? notAfter, notAfter)
            : (first, last);
    }

    private static IEnumerable<(DateTime From, DateTime To)> Split((DateTime From, DateTime To) span)
    {
        for (DateTime from = span.From; from <= span.To; from = from.AddDays(HistoryClient.MaximumDays))
        {
            DateTime last = from.AddDays(HistoryClient.MaximumDays - 1);
            yield return (from, last < span.To ? last : span.To);
        }
    }
}
