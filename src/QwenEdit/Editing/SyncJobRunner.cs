using QwenEdit.Diagnostics;
using QwenEdit.Files;
using QwenEdit.Journal;
using QwenEdit.Runs;
using QwenEdit.Segmind;
using QwenEdit.Segmind.Contracts;
using QwenEdit.Segmind.Http;

namespace QwenEdit.Editing;

/// <summary>
/// Edits an image with one request, whose response is the image. When the response's headers arrive, the edit is paid for. If they name the job, its
/// id is in the journal before the image is read, and an image that arrives incomplete is asked for by that id.
/// </summary>
internal sealed class SyncJobRunner(
    SegmindClient client, JobSubmitter submitter, ResultDownloader downloader, ResultReceiver receiver, OutputDownload download, IEditLog log)
{
    /// <summary>Submits and receives an edit that this session has claimed.</summary>
    /// <exception cref="QwenEditException">
    /// There is no job; except for <see cref="EditError.OutcomeUnknown"/>, where this is unknown.
    /// </exception>
    internal async Task<EndedEdit> RunAsync(PreparedEdit edit, EditEntry entry, Deadline deadline, CancellationToken cancellationToken)
    {
        bool overwrite = edit.Request.Overwrite;
        (Response response, QwenEditException? error) = await submitter.SendAsync(
            edit,
            entry,
            async (request, steps, token) =>
            {
                Response response = new(steps, overwrite, downloader, log);
                return (response, await ReadAsync(request, response, deadline, token).ConfigureAwait(false));
            },
            deadline,
            cancellationToken).ConfigureAwait(false);
        if (error is null)
        {
            return response.End();
        }

        if (!response.CanBeAskedFor(error))
        {
            return EditMapper.Ended(response.Entry, response.Report, error);
        }

        log.Warning($"The answer with the image of request {response.Entry.RequestId} (for {entry.Source}) broke off, and it is asked for by its id: {error.Message}", new EditEvent("edit.unanswered")
        {
            EditId = entry.Id,
            Source = entry.Source,
            RequestId = response.Entry.RequestId,
            Error = error.Error,
        });
        return await receiver.ResumeAsync(response.Entry, NextStep.Adopt, overwrite, deadline, cancellationToken).ConfigureAwait(false);
    }

    // Returns the error of an edit that the journal can receive later.
    private async Task<QwenEditException?> ReadAsync(SubmitRequest request, Response response, Deadline deadline, CancellationToken cancellationToken)
    {
        try
        {
            if (await client.GenerateAsync(request, response, deadline, cancellationToken).ConfigureAwait(false) is { } output)
            {
                response.Names(output);
                await download
                    .ReadAsync(
                        output,
                        async (image, length, token) =>
                        {
                            await response.TakeAsync(image, length, token).ConfigureAwait(false);
                            return true;
                        },
                        deadline,
                        cancellationToken)
                    .ConfigureAwait(false);
            }

            return null;
        }
        catch (QwenEditException exception) when (response.IsKnown)
        {
            return exception;
        }
        catch (QwenEditException exception) when (response.Report is not null && exception.Error != EditError.OutcomeUnknown)
        {
            throw new QwenEditException(
                EditError.OutcomeUnknown,
                $"The service answered and so billed the edit, but its image could not be kept, and it named no request id: {exception.Message}",
                exception.InnerException ?? exception);
        }
    }

    /// <summary>A response as it arrives.</summary>
    private sealed class Response(SubmissionSteps steps, bool overwrite, ResultDownloader downloader, IEditLog log) : ISyncSteps
    {
        private EditEntry? _answered;
        private WrittenImage? _image;

        /// <summary>What the response says about the job; <see langword="null"/> before its headers have arrived.</summary>
        internal JobReport? Report { get; private set; }

        /// <summary>The edit as the journal has it now.</summary>
        internal EditEntry Entry => _answered ?? steps.Entry;

        /// <summary>Whether the journal has the id or the URL with which the image can be received later.</summary>
        internal bool IsKnown => _answered is { RequestId: not null } or { OutputUrl: not null };

        public CancellationToken Stopped => steps.Stopped;

        public void BeforeTry() => steps.BeforeTry();

        public void NoJob() => steps.NoJob();

        public void Answered(string? requestId, JobReport report)
        {
            Report = report;
            if (requestId is not null)
            {
                _answered = downloader.Answered(Entry, requestId, report);
                log.Verbose($"{Entry.Source} is request {requestId}, which is completed, and its image is on its way.", new EditEvent("edit.submitted")
                {
                    EditId = Entry.Id,
                    Source = Entry.Source,
                    RequestId = requestId,
                });
            }
        }

        // If the journal can have neither an id nor a URL, the whole image is recorded before it gets its name.
        public async Task TakeAsync(Stream image, long? length, CancellationToken cancellationToken) => _image = await downloader
            .WriteAsync(
                Entry, overwrite, image, length, cancellationToken, record: IsKnown ? null : file => _answered = downloader.Answered(Entry, null, Report!, file))
            .ConfigureAwait(false);

        /// <summary>The response is JSON that has the image, or its URL.</summary>
        internal void Names(JobOutput output)
        {
            Report = Report! with { Output = output };
            if (output.Url is not null)
            {
                _answered = downloader.Answered(Entry, Entry.RequestId, Report);
            }
        }

        /// <summary>Whether the service may still have the image, under the job's id.</summary>
        internal bool CanBeAskedFor(QwenEditException error) =>
            Entry is { RequestId: not null, OutputUrl: null }
            && error.Error is EditError.OutcomeUnknown or EditError.OutputInvalid or EditError.UnexpectedAnswer;

        internal EndedEdit End() => downloader.Received(Entry, Report!, _image!);
    }
}
