using QwenEdit.Files;
using QwenEdit.Segmind;

namespace QwenEdit.Engine;

/// <summary>What the edits of one call share: the connection, the brake, and the steps of an edit's life.</summary>
internal sealed class EditSession : IDisposable
{
    private readonly SegmindConnection _connection;
    private readonly EditSettings _settings;
    private readonly TimeProvider _time;
    private readonly IEditLog _log;
    private readonly SegmindClient _client;
    private readonly OutputDownload _download;
    private readonly Watch _watch;

    internal EditSession(SegmindConnection connection, EditSettings settings, TimeProvider time, IEditLog log)
    {
        _connection = connection;
        _settings = settings;
        _time = time;
        _log = log;
        _client = new SegmindClient(connection, time, log);
        _download = new OutputDownload(connection, time, log);
        _watch = new Watch(_client, settings, time, log);
    }

    /// <summary>Whether submitting has been stopped.</summary>
    internal SubmissionBrake Brake { get; } = new();

    /// <summary>An edit's whole life: submits it, watches it, receives it.</summary>
    internal async Task<EndedEdit> EditAsync(PreparedEdit edit, CancellationToken cancellationToken)
    {
        Deadline deadline = new(_time, _settings.Timeout);
        EditJob job;
        JobReference reference;
        try
        {
            (job, reference) = await SubmitAsync(edit, deadline, cancellationToken).ConfigureAwait(false);
        }
        catch (QwenEditException exception)
        {
            return NotSubmitted(edit, exception);
        }

        return await ReceiveAsync(job, reference, edit.Request.Overwrite, deadline, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Submits an edit and leaves it.</summary>
    /// <exception cref="QwenEditException">
    /// No job was made; except for <see cref="EditError.OutcomeUnknown"/>, where it can't be known.
    /// </exception>
    internal async Task<EditJob> SubmitAsync(PreparedEdit edit, CancellationToken cancellationToken) =>
        (await SubmitAsync(edit, new Deadline(_time, _settings.Timeout), cancellationToken).ConfigureAwait(false)).Job;

    /// <summary>Asks for a job's state once, or with <paramref name="wait"/> until it has ended.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.TimedOut"/>, or the question got no answer.</exception>
    internal async Task<EditStatus> GetStatusAsync(EditJob job, bool wait, CancellationToken cancellationToken)
    {
        Deadline deadline = new(_time, _settings.Timeout);
        JobReference reference = _client.Refer(job.RequestId);
        JobReport report;
        try
        {
            report = wait
                ? await _watch.UntilEndedAsync(reference, deadline, cancellationToken).ConfigureAwait(false)
                : await _watch.OnceAsync(reference, deadline, cancellationToken).ConfigureAwait(false);
        }
        catch (QwenEditException exception) when (exception.Error == EditError.RecordExpired)
        {
            report = new JobReport { State = EditState.Expired, Error = exception.Message };
        }

        return Outcomes.Status(job, report, _time.GetUtcNow());
    }

    /// <summary>Receives a job's output; with <paramref name="wait"/> once it has ended.</summary>
    /// <param name="job">The job. Without a destination of its own extension, the file gets the one of the image that came.</param>
    /// <param name="overwrite">Whether a file at the destination is replaced.</param>
    /// <param name="wait">Whether to wait for a job that is still running.</param>
    /// <param name="cancellationToken">Gives up; the job goes on.</param>
    internal async Task<EndedEdit> ReceiveAsync(EditJob job, bool overwrite, bool wait, CancellationToken cancellationToken)
    {
        Deadline deadline = new(_time, _settings.Timeout);
        JobReference reference = _client.Refer(job.RequestId);
        if (wait)
        {
            return await ReceiveAsync(job, reference, overwrite, deadline, cancellationToken).ConfigureAwait(false);
        }

        JobReport report;
        try
        {
            report = await _watch.OnceAsync(reference, deadline, cancellationToken).ConfigureAwait(false);
        }
        catch (QwenEditException exception)
        {
            return Outcomes.Ended(job, null, exception);
        }

        return report.State is EditState.Completed or EditState.Failed
            ? await ReceiveAsync(job, report, overwrite, cancellationToken).ConfigureAwait(false)
            : Outcomes.Ended(job, report, new QwenEditException(EditError.JobNotFinished, $"Request {job.RequestId} is {report.StateName}."));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _download.Dispose();
    }

    private async Task<(EditJob Job, JobReference Reference)> SubmitAsync(
        PreparedEdit edit, Deadline deadline, CancellationToken cancellationToken)
    {
        EditRequest request = edit.Request;
        // Drawn here, so that a random edit can be told from others and made again.
        long seed = request.Seed == -1 ? Poly.NextSeed() : request.Seed;
        try
        {
            JobReference reference = await _client
                .SubmitAsync(request, edit.Payload, seed, Brake.ThrowIfStopped, deadline, cancellationToken)
                .ConfigureAwait(false);
            EditJob job = Outcomes.Submitted(request, seed, reference.RequestId, _connection.Endpoint.Root, _time.GetUtcNow());
            _log.Verbose($"{request.Source} is request {job.RequestId}, accepted after {(deadline.Span - deadline.Left).TotalSeconds:0.0} s.");
            return (job, reference);
        }
        catch (QwenEditException exception) when (SubmissionBrake.IsFatal(exception.Error) && !Brake.Observe(exception))
        {
            // Another edit met the same at the same time, and has reported it.
            throw new QwenEditException(EditError.SubmissionStopped, exception.Message, exception);
        }
    }

    private async Task<EndedEdit> ReceiveAsync(
        EditJob job, JobReference reference, bool overwrite, Deadline deadline, CancellationToken cancellationToken)
    {
        try
        {
            JobReport report = await _watch.UntilEndedAsync(reference, deadline, cancellationToken).ConfigureAwait(false);
            return await ReceiveAsync(job, report, overwrite, cancellationToken).ConfigureAwait(false);
        }
        catch (QwenEditException exception)
        {
            return Outcomes.Ended(job, null, exception);
        }
    }

    private async Task<EndedEdit> ReceiveAsync(EditJob job, JobReport report, bool overwrite, CancellationToken cancellationToken)
    {
        if (report.State == EditState.Failed)
        {
            return Outcomes.Ended(
                job, report, new QwenEditException(EditError.JobFailed, $"The edit failed at the service and is not billed: {report.Error}"));
        }

        if (report.Output is not { } output)
        {
            return Outcomes.Ended(
                job, report, new QwenEditException(EditError.OutputInvalid, $"Request {job.RequestId} is completed, but its result names no image."));
        }

        try
        {
            WrittenImage image = await _download
                .ReadAsync(
                    output,
                    (content, length, token) => OutputFile.WriteAsync(content, length, job.Destination, overwrite, token),
                    cancellationToken)
                .ConfigureAwait(false);
            if (Path.HasExtension(job.Destination) && !image.Kind.Is(job.ImageFormat))
            {
                _log.Warning($"{image.Path} was asked for as {job.ImageFormat}, but the service sent a {image.Kind} image.");
            }

            _log.Verbose($"Request {job.RequestId} is received: {image.Path}, {image.Length} bytes.");
            return Outcomes.Received(job, report, image);
        }
        catch (QwenEditException exception)
        {
            return Outcomes.Ended(job, report, exception);
        }
    }

    private static EndedEdit NotSubmitted(PreparedEdit edit, QwenEditException exception) =>
        new(Outcomes.NotSubmitted(edit.Request, exception), exception);
}
