using System.Text.Json;

namespace QwenEdit.Emulator.Jobs;

/// <summary>A job as a client sees it at one moment.</summary>
internal sealed record JobView(Job Job, string State, string? Error, long Now)
{
    public static JobView Of(Job job, long now)
    {
        var state = job.StateAt(now);
        var shown = state is JobState.Processing && job.Is(TestPrompts.UnknownState) ? "WARMING_UP" : state.ToString().ToUpperInvariant();
        return new JobView(job, shown, state is JobState.Failed ? job.Error : null, now);
    }

    public bool Ended => State is "COMPLETED" or "FAILED";

    public double InferenceSeconds => Seconds(Job.Started, Job.Finished);

    /// <summary>Writes <c>metrics</c>: nothing while the job is queued, then the times so far, and the cost once it is completed.</summary>
    public void WriteMetrics(Utf8JsonWriter json)
    {
        json.WriteStartObject("metrics");
        if (State == "COMPLETED")
        {
            json.WriteNumber("cost", Job.Billed);
            json.WriteNumber("remaining_credits", Job.Remaining);
        }
        if (State != "QUEUED")
        {
            json.WriteNumber("queue_time", Seconds(Job.Accepted, Math.Min(Now, Job.Started)));
        }
        if (Ended)
        {
            json.WriteNumber("inference_time", InferenceSeconds);
        }
        if (State == "COMPLETED")
        {
            json.WriteNumber("total_time", Seconds(Job.Accepted, Job.Finished));
        }
        if (Job.Is(TestPrompts.Retried))
        {
            json.WriteNumber("retry_count", 1);
        }
        json.WriteEndObject();
    }

    private static double Seconds(long from, long to) => Math.Round(TimeSpan.FromTicks(to - from).TotalSeconds, 3);
}
