using QwenEdit.Files;
using QwenEdit.Journal;
using QwenEdit.Runs;
using QwenEdit.Segmind.Contracts;

namespace QwenEdit.Editing;

/// <summary>Makes the public objects from a row of the journal and from what the service reports.</summary>
internal static class EditMapper
{
    /// <summary>The edit as the journal has it.</summary>
    internal static EditJob Job(EditEntry entry) => new()
    {
        EditId = entry.Id,
        RunId = entry.Run,
        RequestId = entry.RequestId ?? string.Empty,
        Status = entry.State,
        Source = entry.Source,
        Destination = entry.Destination,
        Prompt = entry.Prompt,
        Model = entry.Model,
        Seed = entry.Seed,
        ImageFormat = entry.ImageFormat,
        Endpoint = new Uri(entry.Endpoint),
        SubmittedAt = entry.Submitted,
        ExpiresAt = entry.Submitted + ServiceRetention.JobRecord,
        Cost = entry.Cost,
        Error = entry.Error,
    };

    /// <summary>The row of a job that the journal does not have. Its number is 0, and nothing of it is recorded.</summary>
    internal static EditEntry Unrecorded(EditJob job) => new()
    {
        Identity = string.Empty,
        State = job.Status,
        Source = job.Source,
        Destination = job.Destination,
        Endpoint = job.Endpoint?.AbsoluteUri ?? string.Empty,
        Model = job.Model,
        Prompt = job.Prompt,
        Fields = string.Empty,
        Seed = job.Seed,
        ImageFormat = job.ImageFormat,
        RequestId = job.RequestId,
        Submitted = job.SubmittedAt,
    };

    /// <summary>What the service reported when the job had ended.</summary>
    internal static JobReport Report(EditEntry entry) => new()
    {
        State = EditState.Completed,
        Cost = entry.Cost,
        RemainingCredits = entry.RemainingCredits,
        QueueSeconds = entry.QueueSeconds,
        InferenceSeconds = entry.InferenceSeconds,
        Seed = entry.Seed,
        Output = entry.OutputUrl is null ? null : new JobOutput { Url = new Uri(entry.OutputUrl) },
    };

    /// <summary>The status of a job.</summary>
    internal static EditStatus Status(EditEntry entry, JobReport report, DateTimeOffset now) => new()
    {
        RequestId = entry.RequestId ?? string.Empty,
        Status = report.State,
        Source = entry.Source,
        Destination = entry.Destination,
        Cost = report.Cost,
        RemainingCredits = report.RemainingCredits,
        Seed = report.Seed ?? SeedOf(entry),
        QueueSeconds = report.QueueSeconds,
        InferenceSeconds = report.InferenceSeconds,
        SubmittedAt = entry.Submitted,
        ExpiresAt = entry.Submitted + ServiceRetention.JobRecord,
        CheckedAt = now,
        Error = report.Error,
    };

    /// <summary>An edit whose image was received.</summary>
    internal static EndedEdit Received(EditEntry entry, JobReport report, WrittenImage image) => new(
        Result(entry, report) with { Status = EditOutcome.Received, Destination = image.Path, Length = image.Length }, null);

    /// <summary>An edit that was done before.</summary>
    internal static EndedEdit Skipped(EditEntry entry) => new(
        // Its cost was reported when it was paid. A sum over results must not count it again.
        Result(entry, Report(entry)) with { Status = EditOutcome.Skipped, Length = entry.File?.Length, Cost = null }, null);

    /// <summary>An edit whose image a killed run had written.</summary>
    internal static EndedEdit Found(EditEntry entry) => new(
        Skipped(entry).Result! with { Status = EditOutcome.Resumed, Cost = entry.Cost }, null);

    /// <summary>A job without an image, or an edit of the journal that can't be continued.</summary>
    internal static EndedEdit Ended(EditEntry entry, JobReport? report, QwenEditException error) => new(
        Result(entry, report) with { Status = EditErrorCatalog.Of(error.Error).WithJob, Error = error.Message }, error);

    /// <summary>An edit that has no job, or of which that is unknown.</summary>
    internal static EndedEdit NotSubmitted(EditRequest request, QwenEditException error) => new(
        EditErrorCatalog.Of(error.Error).WithoutJob is not { } status
            ? null
            : new EditResult
            {
                Status = status,
                Source = request.Source,
                Destination = request.Destination,
                Prompt = request.Prompt,
                Model = request.Model,
                Error = error.Message,
            },
        error);

    /// <summary>Why an edit of the journal is not continued.</summary>
    internal static QwenEditException Why(EditEntry entry, NextStep step) => step switch
    {
        NextStep.ReportUnknown => new(
            EditError.OutcomeUnknown, $"{entry.Source} was sent on {entry.Submitting:u}, and no response came back. There may be a job, and it may have been billed. {entry.Error}".TrimEnd()),
        NextStep.ReportExpired => new(
            EditError.RecordExpired, $"{(entry.RequestId is null ? "The edit" : $"Request {entry.RequestId}")} (for {entry.Source}) was submitted on {entry.Submitted:u}, and the service no longer has its image."),
        NextStep.Submit when entry.State == EditState.Prepared => new(
            EditError.NoJobMade, $"{entry.Source} was sent on {entry.Submitting:u}, and no job was created. Nothing was billed."),
        _ => new(EditError.JobFailed, entry.Error ?? "The edit failed in an earlier run."),
    };

    private static EditResult Result(EditEntry entry, JobReport? report) => new()
    {
        Source = entry.Source,
        Destination = entry.Destination,
        RequestId = entry.RequestId ?? string.Empty,
        Prompt = entry.Prompt,
        Model = entry.Model,
        Cost = report?.Cost,
        RemainingCredits = report?.RemainingCredits,
        Seed = report?.Seed ?? SeedOf(entry),
        QueueSeconds = report?.QueueSeconds,
        InferenceSeconds = report?.InferenceSeconds,
        SubmittedAt = entry.Submitted,
        ExpiresAt = entry.Submitted + ServiceRetention.JobRecord,
        OutputUrl = report?.Output?.Url?.AbsoluteUri ?? string.Empty,
    };

    // Of a job of which only the id was given, the seed is not known.
    private static long? SeedOf(EditEntry entry) => entry.Source.Length > 0 ? entry.Seed : null;
}
