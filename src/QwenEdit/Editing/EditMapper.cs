using QwenEdit.Commands.Parameters;
using QwenEdit.Files;
using QwenEdit.Journal;
using QwenEdit.Runs;
using QwenEdit.Segmind.Contracts;

namespace QwenEdit.Editing;

/// <summary>Fills the public nouns from what the service and the journal say.</summary>
internal static class EditMapper
{
    internal static EditJob Submitted(EditEntry entry, EditRequest request, long seed, string requestId, Uri endpoint, DateTimeOffset now) => new()
    {
        EditId = entry.Id,
        RunId = entry.Run,
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
        ExpiresAt = now + ServiceRetention.JobRecord,
    };

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

    /// <summary>What the service said of a job when it had ended.</summary>
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

    internal static EditStatus Status(EditJob job, JobReport report, DateTimeOffset now) => new()
    {
        RequestId = job.RequestId,
        Status = report.State,
        Source = job.Source,
        Destination = job.Destination,
        Cost = report.Cost,
        RemainingCredits = report.RemainingCredits,
        Seed = report.Seed ?? SeedOf(job),
        QueueSeconds = report.QueueSeconds,
        InferenceSeconds = report.InferenceSeconds,
        SubmittedAt = job.SubmittedAt,
        ExpiresAt = job.ExpiresAt,
        CheckedAt = now,
        Error = report.Error,
    };

    internal static EndedEdit Received(EditJob job, JobReport report, WrittenImage image) => new(
        Result(job, report) with { Status = EditOutcome.Received, Destination = image.Path, Length = image.Length }, null);

    /// <summary>An edit that is done already.</summary>
    internal static EndedEdit Skipped(EditEntry entry) => new(
        // What it cost was reported when it was paid; a sum over results must not count it again.
        Result(Job(entry), Report(entry)) with { Status = EditOutcome.Skipped, Length = entry.File?.Length, Cost = null }, null);

    /// <summary>An edit whose image an earlier run had received when it was killed.</summary>
    internal static EndedEdit Found(EditEntry entry) => new(
        Skipped(entry).Result! with { Status = EditOutcome.Resumed, Cost = entry.Cost }, null);

    /// <summary>A job that ended in no image, or an edit of the journal that can't go on.</summary>
    internal static EndedEdit Ended(EditJob job, JobReport? report, QwenEditException error) => new(
        Result(job, report) with { Status = EditErrorCatalog.Of(error.Error).WithJob, Error = error.Message }, error);

    /// <summary>An edit that became no job, or nobody knows whether.</summary>
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

    /// <summary>Why an edit of the journal is not gone on with.</summary>
    internal static QwenEditException Why(EditEntry entry, NextStep step) => step switch
    {
        NextStep.ReportUnknown => new(
            EditError.OutcomeUnknown, $"{entry.Source} was sent on {entry.Submitting:u} and no answer came back; there may be a job, and it may have been billed. {entry.Error}".TrimEnd()),
        NextStep.ReportExpired => new(
            EditError.RecordExpired, $"{(entry.RequestId is null ? "The edit" : $"Request {entry.RequestId}")} (for {entry.Source}) was submitted on {entry.Submitted:u}, and its image can't be had from the service any more."),
        NextStep.Submit when entry.State == EditState.Prepared => new(
            EditError.NoJobMade, $"{entry.Source} was sent on {entry.Submitting:u} and never became a job; nothing was billed."),
        _ => new(EditError.JobFailed, entry.Error ?? "The edit failed in an earlier run."),
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
        Seed = report?.Seed ?? SeedOf(job),
        QueueSeconds = report?.QueueSeconds,
        InferenceSeconds = report?.InferenceSeconds,
        SubmittedAt = job.SubmittedAt,
        ExpiresAt = job.ExpiresAt,
        OutputUrl = report?.Output?.Url?.AbsoluteUri ?? string.Empty,
    };

    // Of a job of which only the id was given, nothing is known.
    private static long? SeedOf(EditJob job) => job.Source.Length > 0 ? job.Seed : null;
}
