using QwenEdit.Files;
using QwenEdit.Segmind;

namespace QwenEdit.Engine;

/// <summary>Fills the public nouns from what the service said.</summary>
internal static class Outcomes
{
    /// <summary>How long the service keeps a job's record.</summary>
    private static readonly TimeSpan Retention = TimeSpan.FromHours(1);

    internal static EditJob Submitted(EditRequest request, long seed, string requestId, Uri endpoint, DateTimeOffset now) => new()
    {
        RequestId = requestId,
        Status = EditState.Queued,
        Source = request.Source,
        Destination = request.Destination,
        Prompt = request.Prompt,
        Model = request.Model,
        Seed = seed,
        ImageFormat = request.ImageFormat,
        Endpoint = endpoint,
        SubmittedAt = now,
        ExpiresAt = now + Retention,
    };

    internal static EditStatus Status(EditJob job, JobReport report, DateTimeOffset now) => new()
    {
        RequestId = job.RequestId,
        Status = report.State,
        Source = job.Source,
        Destination = job.Destination,
        Cost = report.Cost,
        RemainingCredits = report.RemainingCredits,
        Seed = report.Seed ?? Known(job, job.Seed),
        QueueSeconds = report.QueueSeconds,
        InferenceSeconds = report.InferenceSeconds,
        SubmittedAt = Known(job, job.SubmittedAt),
        ExpiresAt = Known(job, job.ExpiresAt),
        CheckedAt = now,
        Error = report.Error,
    };

    internal static EndedEdit Received(EditJob job, JobReport report, WrittenImage image) => new(
        Result(job, report) with { Status = EditOutcome.Received, Destination = image.Path, Length = image.Length }, null);

    /// <summary>A job that ended in no image.</summary>
    internal static EndedEdit Ended(EditJob job, JobReport? report, QwenEditException error) => new(
        Result(job, report) with { Status = Outcome(error.Error), Error = error.Message }, error);

    /// <summary>An edit that became no job, or nobody knows whether.</summary>
    internal static EditResult NotSubmitted(EditRequest request, QwenEditException error) => new()
    {
        Status = error.Error == EditError.OutcomeUnknown ? EditOutcome.Unknown : EditOutcome.Failed,
        Source = request.Source,
        Destination = request.Destination,
        Prompt = request.Prompt,
        Model = request.Model,
        Error = error.Message,
    };

    private static EditResult Result(EditJob job, JobReport? report) => new()
    {
        Source = job.Source,
        Destination = job.Destination,
        RequestId = job.RequestId,
        Prompt = job.Prompt,
        Model = job.Model,
        Cost = report?.Cost,
        RemainingCredits = report?.RemainingCredits,
        Seed = report?.Seed ?? Known(job, job.Seed),
        QueueSeconds = report?.QueueSeconds,
        InferenceSeconds = report?.InferenceSeconds,
        SubmittedAt = Known(job, job.SubmittedAt),
        ExpiresAt = Known(job, job.ExpiresAt),
        OutputUrl = report?.Output?.Url?.AbsoluteUri ?? string.Empty,
    };

    // Only a failed job is known to cost nothing; whatever else went wrong, the job may still be received.
    private static EditOutcome Outcome(EditError error) => error switch
    {
        EditError.JobFailed => EditOutcome.Failed,
        EditError.RecordExpired => EditOutcome.Expired,
        _ => EditOutcome.TimedOut,
    };

    // A job of which only the id was given has no time of submission, and so nothing else either.
    private static T? Known<T>(EditJob job, T value)
        where T : struct => job.SubmittedAt == default ? null : value;
}
