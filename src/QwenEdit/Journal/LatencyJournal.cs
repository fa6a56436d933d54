namespace QwenEdit.Journal;

/// <summary>The latencies of an endpoint's jobs, as the service reported them.</summary>
internal sealed class LatencyJournal(JournalStore store, string endpoint)
{
    /// <summary>
    /// Returns the latencies of the most recently completed jobs of a model, the oldest first: the seconds from acceptance to the end, and the
    /// seconds of inference.
    /// </summary>
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
