using QwenEdit.Diagnostics;
using QwenEdit.Files;
using QwenEdit.Imaging;
using QwenEdit.Journal;
using QwenEdit.Runs;
using QwenEdit.Segmind.Contracts;
using QwenEdit.Segmind.Http;

namespace QwenEdit.Editing;

/// <summary>Brings the image of a completed job to its file, and records each step: completed, about to be named, received.</summary>
/// <param name="download">Downloads images.</param>
/// <param name="journal">The journal.</param>
/// <param name="writes">Makes the writes to the journal.</param>
/// <param name="temporaries">Names the temporary files.</param>
/// <param name="run">Counts what is paid.</param>
/// <param name="timeout">The time limit of a download that has no deadline.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Receives the steps.</param>
internal sealed class ResultDownloader(
    OutputDownload download,
    EditJournal journal,
    JournalRetryQueue writes,
    TemporaryFiles temporaries,
    RunCounters? run,
    TimeSpan timeout,
    TimeProvider time,
    IEditLog log)
{
    /// <summary>Downloads the image of a completed job.</summary>
    /// <param name="entry">The edit. If its destination has no extension, the file gets the extension of the image that arrives.</param>
    /// <param name="report">The service's report, with the image.</param>
    /// <param name="overwrite">Whether a file at the destination may be overwritten.</param>
    /// <param name="deadline">The time limit; <see langword="null"/> for the time of an edit.</param>
    /// <param name="cancellationToken">Stops; no file remains.</param>
    /// <param name="whenWhole">Called when the whole image has arrived, before it is recorded and named.</param>
    internal async Task<EndedEdit> DownloadAsync(
        EditEntry entry, JobReport report, bool overwrite, Deadline? deadline, CancellationToken cancellationToken, Func<Task>? whenWhole = null)
    {
        try
        {
            JobOutput output = report.Output ?? throw new QwenEditException(
                EditError.OutputInvalid, $"Request {entry.RequestId} is completed, but its result names no image.");
            WrittenImage image = await download
                .ReadAsync(
                    output,
                    (content, length, token) => WriteAsync(entry, overwrite, content, length, token, whenWhole),
                    deadline ?? new Deadline(time, timeout),
                    cancellationToken)
                .ConfigureAwait(false);
            return Received(entry, report, image);
        }
        catch (QwenEditException exception)
        {
            return EditMapper.Ended(entry, report, exception);
        }
    }

    /// <summary>Writes an image to its file, and records the file before it gets its name.</summary>
    /// <param name="entry">The edit.</param>
    /// <param name="overwrite">Whether a file at the destination may be overwritten.</param>
    /// <param name="content">The image, from its first byte.</param>
    /// <param name="length">Its length in bytes, if known.</param>
    /// <param name="cancellationToken">Stops; no file remains.</param>
    /// <param name="whenWhole">Called when the whole image has arrived, before it is recorded and named.</param>
    /// <param name="record">Records the whole image, if not as that of a completed job.</param>
    /// <exception cref="QwenEditException">The errors of <see cref="OutputFile.WriteAsync"/>.</exception>
    internal Task<WrittenImage> WriteAsync(
        EditEntry entry, bool overwrite, Stream content, long? length, CancellationToken cancellationToken, Func<Task>? whenWhole = null, Action<FileRecord>? record = null) =>
        OutputFile.WriteAsync(content, length, entry.Destination, overwrite, cancellationToken, temporaries, async image =>
        {
            await (whenWhole?.Invoke() ?? Task.CompletedTask).ConfigureAwait(false);
            if (record is not null)
            {
                record(FileOf(image));
            }
            else
            {
                Record(entry, () => journal.Writing(entry, FileOf(image)));
            }
        }, time: time);

    /// <summary>Records that the image is at its destination.</summary>
    internal EndedEdit Received(EditEntry entry, JobReport report, WrittenImage image)
    {
        if (Path.HasExtension(entry.Destination) && !image.Kind.Is(entry.ImageFormat))
        {
            log.Warning($"{image.Path} was asked for as {entry.ImageFormat}, but the service sent a {image.Kind} image.");
        }

        log.Verbose($"{Name(entry)} is received: {image.Path}, {image.Length} bytes.", new EditEvent("edit.received")
        {
            RequestId = entry.RequestId,
            Destination = image.Path,
            Bytes = image.Length,
        });
        Record(entry, () => journal.Received(entry, FileOf(image)));
        return EditMapper.Received(entry, report, image);
    }

    /// <summary>Records that the image is at its destination. The process that wrote it was killed before it could record that.</summary>
    internal EndedEdit Confirm(EditEntry entry)
    {
        Record(entry, () => journal.Received(entry, entry.File!));
        return EditMapper.Found(entry);
    }

    /// <summary>Records that the response to a submission is the end of its job. The edit is paid for; its image is still to come.</summary>
    /// <param name="entry">The edit.</param>
    /// <param name="requestId">The id of the job, if the response names it.</param>
    /// <param name="report">What the response says about the job.</param>
    /// <param name="file">The whole image of a response that names neither the job nor a URL.</param>
    /// <returns>The edit as it is now.</returns>
    internal EditEntry Answered(EditEntry entry, string? requestId, JobReport report, FileRecord? file = null)
    {
        CountPaid(entry, report);
        DateTimeOffset now = time.GetUtcNow();
        string? url = report.Output?.Url?.AbsoluteUri;
        EditEntry answered = entry with
        {
            State = file is null ? EditState.Completed : EditState.Writing,
            RequestId = requestId,
            OutputUrl = url,
            Cost = report.Cost,
            Submitted = entry.Submitting,
            Ended = now,
        };
        return Record(
            answered,
            () => journal.Answered(entry, requestId, now, url, report.Cost, report.RemainingCredits, report.InferenceSeconds, file));
    }

    /// <summary>Records that a job has ended with an image.</summary>
    internal void RecordCompleted(EditEntry entry, JobReport report)
    {
        CountPaid(entry, report);
        DateTimeOffset now = time.GetUtcNow();
        string? url = report.Output?.Url?.AbsoluteUri;
        Record(
            entry,
            () => journal.Completed(entry, now, url, report.Cost, report.RemainingCredits, report.QueueSeconds, report.InferenceSeconds));
    }

    /// <summary>Makes a write to the journal, unless the row is not recorded.</summary>
    /// <inheritdoc cref="JournalRetryQueue.Write"/>
    internal EditEntry Record(EditEntry entry, Func<EditEntry> write) => entry.Id == 0 ? entry : writes.Write(entry, write);

    private void CountPaid(EditEntry entry, JobReport report)
    {
        if (entry.Cost is null)
        {
            run?.Paid(report.Cost, report.RemainingCredits);
        }
    }

    private static string Name(EditEntry entry) => string.IsNullOrEmpty(entry.RequestId) ? $"The edit of {entry.Source}" : $"Request {entry.RequestId}";

    private static FileRecord FileOf(WrittenImage image) => new(image.Length, image.Time.Ticks, image.Hash);
}
