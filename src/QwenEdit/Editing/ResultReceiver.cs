using QwenEdit.Commands.Parameters;
using QwenEdit.Diagnostics;
using QwenEdit.Files;
using QwenEdit.Imaging;
using QwenEdit.Journal;
using QwenEdit.Runs;
using QwenEdit.Segmind.Contracts;
using QwenEdit.Segmind.Http;

namespace QwenEdit.Editing;

/// <summary>Brings a job's image to its file, and what happens on the way to the journal.</summary>
/// <param name="download">Reads images.</param>
/// <param name="watch">Asks for jobs.</param>
/// <param name="journal">Remembers.</param>
/// <param name="writes">Makes the writes to the journal.</param>
/// <param name="temporaries">Names the temporary files.</param>
/// <param name="run">Counts what is paid.</param>
/// <param name="timeout">How long an image may take that nobody waits for otherwise.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Hears of every step.</param>
internal sealed class ResultReceiver(
    OutputDownload download,
    JobPoller watch,
    EditJournal journal,
    JournalRetryQueue writes,
    TemporaryFiles temporaries,
    RunCounters? run,
    TimeSpan timeout,
    TimeProvider time,
    IEditLog log)
{
    /// <summary>Waits for a job's end and receives it.</summary>
    /// <param name="job">The job. If its destination has no extension, the file gets the one of the image that came.</param>
    /// <param name="reference">Where to ask.</param>
    /// <param name="entry">The edit in the journal, if it is there.</param>
    /// <param name="overwrite">Whether a file at the destination is replaced.</param>
    /// <param name="deadline">How long to wait; <see langword="null"/> to ask once.</param>
    /// <param name="cancellationToken">Gives up; the job goes on.</param>
    internal async Task<EndedEdit> ReceiveAsync(
        EditJob job, JobReference reference, EditEntry? entry, bool overwrite, Deadline? deadline, CancellationToken cancellationToken)
    {
        (JobReport? report, QwenEditException? error) = await AskAsync(job, reference, entry, deadline, cancellationToken).ConfigureAwait(false);
        if (error is null)
        {
            // The address goes to the disk while the image is on its way.
            var recorded = Task.Run(() => Completed(entry, report!), CancellationToken.None);
            try
            {
                return await DownloadAsync(job, report!, entry, overwrite, deadline, cancellationToken, () => recorded).ConfigureAwait(false);
            }
            finally
            {
                await recorded.ConfigureAwait(false);
            }
        }

        if (error.Error == EditError.RecordExpired && entry?.OutputUrl is not null)
        {
            // The output outlives the record. That it was not tried first is the clock's word, and clocks are wrong at times.
            EndedEdit ended = await DownloadAsync(job, EditMapper.Report(entry), entry, overwrite, deadline, cancellationToken).ConfigureAwait(false);
            if (ended.Error?.Error != EditError.OutputInvalid)
            {
                return ended;
            }

            Note(entry, known => journal.Expired(known, error.Message));
        }

        return EditMapper.Ended(job, report, error);
    }

    /// <summary>Waits for a job's end, as <see cref="ReceiveAsync"/> does, and leaves its output where it is.</summary>
    /// <returns>What the service said last, if it did, and what keeps the job from being received.</returns>
    internal async Task<(JobReport? Report, QwenEditException? Error)> WatchAsync(
        EditJob job, JobReference reference, EditEntry? entry, Deadline? deadline, CancellationToken cancellationToken)
    {
        (JobReport? Report, QwenEditException? Error) asked = await AskAsync(job, reference, entry, deadline, cancellationToken).ConfigureAwait(false);
        if (asked.Error is null)
        {
            Completed(entry, asked.Report!);
        }

        return asked;
    }

    // What is completed is not written down here.
    private async Task<(JobReport? Report, QwenEditException? Error)> AskAsync(
        EditJob job, JobReference reference, EditEntry? entry, Deadline? deadline, CancellationToken cancellationToken)
    {
        JobReport report;
        try
        {
            report = deadline is not null
                ? await watch.UntilEndedAsync(job, reference, deadline, cancellationToken).ConfigureAwait(false)
                : await watch.OnceAsync(job, reference, cancellationToken).ConfigureAwait(false);
        }
        catch (QwenEditException exception)
        {
            // With an address to try, it is not lost yet.
            if (exception.Error == EditError.RecordExpired && entry?.OutputUrl is null)
            {
                Note(entry, known => journal.Expired(known, exception.Message));
            }

            return (null, exception);
        }

        switch (report.State)
        {
            case EditState.Completed:
                return (report, null);
            case EditState.Failed:
                QwenEditException failed = new(EditError.JobFailed, $"The edit failed at the service and is not billed: {report.Error}");
                DateTimeOffset now = time.GetUtcNow();
                Note(entry, known => journal.Failed(known, now, failed.Message));
                return (report, failed);
            default:
                return (report, new QwenEditException(EditError.JobNotFinished, $"Request {job.RequestId} is {report.StateName}."));
        }
    }

    /// <summary>Writes down that an image is there, which the journal knows by what was recorded before it got its name.</summary>
    internal EndedEdit Confirm(EditEntry entry)
    {
        Note(entry, known => journal.Received(known, known.File!));
        return EditMapper.Found(entry);
    }

    /// <summary>Downloads the output of a completed job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="report">What the service said of it, with its output.</param>
    /// <param name="entry">The edit in the journal, if it is there.</param>
    /// <param name="overwrite">Whether a file at the destination is replaced.</param>
    /// <param name="deadline">Until when the image may take; <see langword="null"/> for the time of an edit.</param>
    /// <param name="cancellationToken">Leaves no file behind.</param>
    /// <param name="beforeArriving">Called when the image is whole, and is neither recorded nor named yet.</param>
    internal async Task<EndedEdit> DownloadAsync(
        EditJob job, JobReport report, EditEntry? entry, bool overwrite, Deadline? deadline, CancellationToken cancellationToken, Func<Task>? beforeArriving = null)
    {
        try
        {
            JobOutput output = report.Output ?? throw new QwenEditException(
                EditError.OutputInvalid, $"Request {job.RequestId} is completed, but its result names no image.");
            WrittenImage image = await download
                .ReadAsync(
                    output,
                    (content, length, token) => WriteAsync(job, entry, overwrite, content, length, token, beforeArriving),
                    deadline ?? new Deadline(time, timeout),
                    cancellationToken)
                .ConfigureAwait(false);
            return Received(job, report, entry, image);
        }
        catch (QwenEditException exception)
        {
            return EditMapper.Ended(job, report, exception);
        }
    }

    /// <summary>Brings an image to its file, all but the last word to the journal.</summary>
    /// <param name="job">The job.</param>
    /// <param name="entry">The edit in the journal, if it is there.</param>
    /// <param name="overwrite">Whether a file at the destination is replaced.</param>
    /// <param name="content">The image, from its first byte.</param>
    /// <param name="length">How many bytes there must be, if that is known.</param>
    /// <param name="cancellationToken">Leaves no file behind.</param>
    /// <param name="beforeArriving">Called when the image is whole, and is neither recorded nor named yet.</param>
    /// <param name="record">Records the whole image in another way than as that of a completed job.</param>
    /// <exception cref="QwenEditException">As of <see cref="OutputFile.WriteAsync"/>.</exception>
    internal Task<WrittenImage> WriteAsync(
        EditJob job,
        EditEntry? entry,
        bool overwrite,
        Stream content,
        long? length,
        CancellationToken cancellationToken,
        Func<Task>? beforeArriving = null,
        Action<FileRecord>? record = null) =>
        OutputFile.WriteAsync(content, length, job.Destination, overwrite, cancellationToken, temporaries, async image =>
        {
            await (beforeArriving?.Invoke() ?? Task.CompletedTask).ConfigureAwait(false);
            if (record is not null)
            {
                record(Facts(image));
                return;
            }

            Note(entry, known => journal.Writing(known, Facts(image)));
        }, time: time);

    /// <summary>The image is at its destination.</summary>
    internal EndedEdit Received(EditJob job, JobReport report, EditEntry? entry, WrittenImage image)
    {
        if (Path.HasExtension(job.Destination) && !image.Kind.Is(job.ImageFormat))
        {
            log.Warning($"{image.Path} was asked for as {job.ImageFormat}, but the service sent a {image.Kind} image.");
        }

        log.Verbose($"{Name(job)} is received: {image.Path}, {image.Length} bytes.", new EditEvent("edit.received")
        {
            RequestId = job.RequestId,
            Destination = image.Path,
            Bytes = image.Length,
        });
        Note(entry, known => journal.Received(known, Facts(image)));
        return EditMapper.Received(job, report, image);
    }

    /// <summary>A submission was answered by the end of its job, whose image is still to come: it is paid for.</summary>
    /// <param name="entry">The edit in the journal.</param>
    /// <param name="requestId">The job, if the answer names it.</param>
    /// <param name="report">What the answer says of the job.</param>
    /// <param name="file">The whole image of an answer that names neither the job nor an address.</param>
    internal void Answered(EditEntry entry, string? requestId, JobReport report, FileRecord? file = null)
    {
        if (entry.Cost is null)
        {
            run?.Paid(report.Cost, report.RemainingCredits);
        }

        DateTimeOffset now = time.GetUtcNow();
        writes.Write(
            entry,
            requestId is null ? $"The edit of {entry.Source}" : $"Request {requestId} (for {entry.Source})",
            () => journal.Answered(
                entry, requestId, now, report.Output?.Url?.AbsoluteUri, report.Cost, report.RemainingCredits, report.InferenceSeconds, file));
    }

    private void Completed(EditEntry? entry, JobReport report)
    {
        if (entry?.Cost is null)
        {
            run?.Paid(report.Cost, report.RemainingCredits);
        }

        DateTimeOffset now = time.GetUtcNow();
        Note(entry, known => journal.Completed(
            known, now, report.Output?.Url?.AbsoluteUri, report.Cost, report.RemainingCredits, report.QueueSeconds, report.InferenceSeconds));
    }

    private static string Name(EditJob job) => job.RequestId.Length > 0 ? $"Request {job.RequestId}" : $"The edit of {job.Source}";

    private static FileRecord Facts(WrittenImage image) => new(image.Length, image.Time.Ticks, image.Hash);

    private void Note(EditEntry? entry, Action<EditEntry> step)
    {
        if (entry is not null)
        {
            string what = entry.RequestId is null ? $"The edit of {entry.Source}" : $"Request {entry.RequestId} (for {entry.Source})";
            writes.Write(entry, what, () => step(entry));
        }
    }
}
