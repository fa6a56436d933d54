namespace QwenEdit.Journal;

/// <summary>How long the jobs of an endpoint took, by the service's own count.</summary>
internal sealed class LatencyJournal(JournalStore store, string endpoint)
{
    /// <summary>The last so many completed jobs of a model, the oldest first: seconds from the acceptance to the end, and of them in the model.</summary>
    internal IReadOnlyList<(double Latency, double Work)> Recent(string model, int count) => store.Read(connection => connection
        .Query(
            """
            SELECT queue_seconds + inference_seconds, inference_seconds FROM
                (SELECT * FROM edit WHERE endpoint = $endpoint AND model = $model AND cost IS NOT NULL ORDER BY ended DESC LIMIT $count)
            WHERE queue_seconds >= 0 AND inference_seconds > 0 AND queue_seconds + inference_seconds < 3600
            ORDER BY ended
            """,
            row => (row.GetDouble(0), row.GetDouble(1)),
            ("$endpoint", endpoint),
            ("$model", model),
            ("$count", count)));
}
