using QwenEdit.Commands.Parameters;
using QwenEdit.Diagnostics;
using QwenEdit.Files;
using QwenEdit.Journal;
using QwenEdit.Runs;
using QwenEdit.Segmind;
using QwenEdit.Segmind.Contracts;
using QwenEdit.Segmind.Http;

namespace QwenEdit.Editing;

/// <summary>
/// Edits an image in one exchange, whose answer is the image. From the answer's headers on the edit is paid for: if they name the job, it is in
/// the journal before the image is read, and an answer that breaks off costs nothing but a question about it.
/// </summary>
internal sealed class SyncJobRunner(
    SegmindClient client, JobSubmitter submission, ResultReceiver receiver, EditResumer resumer, OutputDownload download, Uri endpoint, TimeProvider time, IEditLog log)
{
    /// <summary>The whole life of an edit that this session has taken.</summary>
    /// <exception cref="QwenEditException">
    /// No job was made; except for <see cref="EditError.OutcomeUnknown"/>, where it can't be known.
    /// </exception>
    internal async Task<EndedEdit> RunAsync(PreparedEdit edit, EditEntry entry, Deadline deadline, CancellationToken cancellationToken)
    {
        Arrival? arrival = null;
        QwenEditException? broken = await submission.SendAsync(
            edit,
            entry,
            async (order, steps, token) =>
            {
                arrival = new Arrival(this, order, entry, steps);
                try
                {
                    JobOutput? output = await client.GenerateAsync(order.Request, order.Image, order.Seed, arrival, deadline, token).ConfigureAwait(false);
                    await arrival.FetchAsync(output, deadline, token).ConfigureAwait(false);
                    return null;
                }
                catch (QwenEditException exception) when (arrival.IsKnown)
                {
                    return exception;
                }
                catch (QwenEditException exception) when (arrival.HasBegun && exception.Error != EditError.OutcomeUnknown)
                {
                    throw new QwenEditException(
                        EditError.OutcomeUnknown,
                        $"The service answered and so billed the edit, but its image could not be kept, and it named no request id: {exception.Message}",
                        exception.InnerException ?? exception);
                }
            },
            deadline,
            cancellationToken).ConfigureAwait(false);
        return broken is null ? arrival!.End()
            : arrival!.MayAsk(broken) ? await AskAsync(arrival.Entry, edit.Request.Overwrite, deadline, broken, cancellationToken).ConfigureAwait(false)
            : arrival.End(broken);
    }

    private ResultReceiver Receiver => receiver;

    private OutputDownload Download => download;

    private IEditLog Log => log;

    private Task<EndedEdit> AskAsync(EditEntry entry, bool overwrite, Deadline deadline, QwenEditException broken, CancellationToken cancellationToken)
    {
        log.Warning($"The answer with the image of request {entry.RequestId} (for {entry.Source}) broke off, and it is asked for by its id: {broken.Message}", new EditEvent("edit.unanswered")
        {
            EditId = entry.Id,
            Source = entry.Source,
            RequestId = entry.RequestId,
            Error = broken.Error,
        });
        return resumer.ContinueAsync(entry, NextStep.Adopt, overwrite, deadline, cancellationToken);
    }

    private EditJob Job(SubmitRequest order, EditEntry entry, string? requestId) =>
        EditMapper.Submitted(entry, order.Request, order.Seed, requestId ?? string.Empty, endpoint, time.GetUtcNow()) with { Status = EditState.Completed };

    /// <summary>What has come of the answer.</summary>
    private sealed class Arrival(SyncJobRunner sync, SubmitRequest order, EditEntry entry, ISubmissionSteps steps) : ISyncSteps
    {
        private JobReport? _report;
        private EditJob? _job;
        private WrittenImage? _image;

        /// <summary>Whether the headers of a success have come.</summary>
        internal bool HasBegun => _report is not null;

        /// <summary>Whether the journal has what the image can be received by later.</summary>
        internal bool IsKnown => Entry.RequestId is not null || Entry.OutputUrl is not null;

        /// <summary>The edit as the journal has it by now.</summary>
        internal EditEntry Entry { get; private set; } = entry with { RequestId = null, OutputUrl = null, Cost = null };

        public CancellationToken Stopped => steps.Stopped;

        public void BeforeTry() => steps.BeforeTry();

        public void NoJob() => steps.NoJob();

        public void Answered(string? requestId, JobReport report)
        {
            _report = report;
            _job = sync.Job(order, Entry, requestId);
            if (requestId is not null)
            {
                Record(requestId);
                sync.Log.Verbose($"{entry.Source} is request {requestId}, which is completed, and its image is on its way.", new EditEvent("edit.submitted")
                {
                    EditId = entry.Id,
                    Source = entry.Source,
                    RequestId = requestId,
                });
            }
        }

        public async Task TakeAsync(Stream image, long? length, CancellationToken cancellationToken) =>
            _image = await WriteAsync(image, length, cancellationToken).ConfigureAwait(false);

        /// <summary>Fetches an image that the answer names, or holds as text.</summary>
        /// <param name="output">It; <see langword="null"/> where the image was taken as it came.</param>
        /// <param name="deadline">Until when it may take.</param>
        /// <param name="cancellationToken">Breaks off.</param>
        internal async Task FetchAsync(JobOutput? output, Deadline deadline, CancellationToken cancellationToken)
        {
            if (output is null)
            {
                return;
            }

            _report = _report! with { Output = output };
            if (output.Url is not null)
            {
                Record(Entry.RequestId);
            }

            _image = await sync.Download.ReadAsync(output, WriteAsync, deadline, cancellationToken).ConfigureAwait(false);
        }

        /// <summary>Whether the image may be had from the service by the job's id.</summary>
        internal bool MayAsk(QwenEditException broken) =>
            Entry is { RequestId: not null, OutputUrl: null }
            && broken.Error is EditError.OutcomeUnknown or EditError.OutputInvalid or EditError.UnexpectedAnswer;

        internal EndedEdit End() => sync.Receiver.Received(_job!, _report!, Entry, _image!);

        internal EndedEdit End(QwenEditException broken) => EditMapper.Ended(_job!, _report, broken);

        // Without a name for it, the whole image is all that the edit can be known by.
        private Task<WrittenImage> WriteAsync(Stream image, long? length, CancellationToken cancellationToken) => sync.Receiver.WriteAsync(
            _job!, Entry, order.Request.Overwrite, image, length, cancellationToken, record: IsKnown ? null : file => Record(null, file));

        private void Record(string? requestId, FileRecord? file = null)
        {
            sync.Receiver.Answered(Entry, requestId, _report!, file);
            Entry = Entry with
            {
                State = file is null ? EditState.Completed : EditState.Writing,
                RequestId = requestId,
                OutputUrl = _report!.Output?.Url?.AbsoluteUri,
                Cost = _report.Cost,
                Seed = order.Seed,
                Submitted = _job!.SubmittedAt,
            };
        }
    }
}
