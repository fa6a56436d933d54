using QwenEdit.Commands.Parameters;
using QwenEdit.Commands.Pipeline;
using QwenEdit.Editing;

namespace QwenEdit.Commands.Base;

/// <summary>A cmdlet that edits images: its parameters make edits of the input, and each edit starts when its turn comes.</summary>
public abstract partial class EditCommand : RunCommand
{
    internal const string PathSet = "Path";
    internal const string LiteralPathSet = "LiteralPath";
    internal const string UriSet = "Uri";
    internal const string PipelineSet = "Pipeline";

    private readonly InputReader _input;
    private readonly EditQueue _queue;
    private readonly UnsubmittedImages _unsubmitted = new();
    private EditForecaster? _forecaster;
    private bool _awaitsAllInput;
    private bool _hasWarned;

    private protected EditCommand(string activity, bool isRun = true)
        : base(activity, isRun)
    {
        _input = new InputReader(this);
        _queue = new EditQueue(() => ThrottleLimit);
        Work.Waiting = () => _queue.HeldBack;
    }

    /// <summary>What the call would do with an edit, according to the journal.</summary>
    private protected EditForecaster Forecaster =>
        _forecaster ??= Require(() => new EditForecaster(FindJournal(), ServiceEndpoint.Root, Resubmit, TimeProvider.System));

    /// <summary>Starts an edit that was checked and approved.</summary>
    private protected abstract void Start(PreparedEdit edit);

    /// <summary>Asks for confirmation of an edit if the user wants that. With <c>-WhatIf</c>, writes what would happen.</summary>
    /// <exception cref="QwenEditException">With <c>-WhatIf</c>: the edit would be an error.</exception>
    private protected virtual bool Approves(PreparedEdit edit)
    {
        EditRequest request = edit.Request;
        string destination = TerminalText.Escape(request.Destination);
        return ShouldProcess(TerminalText.Escape(request.Source), (this.IsWhatIf() ? Forecaster.StepOf(edit, Stopped) : NextStep.Submit) switch
        {
            NextStep.Submit => $"Edit with {TerminalText.Escape(request.Model)} into {destination}",
            NextStep.Skip or NextStep.Confirm => $"Skip, as the edited image is there already, {destination}",
            _ => $"Receive the image that an earlier run paid for into {destination}",
        });
    }

    /// <summary>Counts and writes the error of an input that can't become an edit.</summary>
    private protected virtual void WriteInvalid(QwenEditException error, string target)
    {
        CountInvalid(error, target);
        WriteError(error, target);
    }

    /// <summary>Writes the error of an edit that ended without an image.</summary>
    private protected void WriteFailure(QwenEditException error, string source, string? requestId = null)
    {
        if (error.Error == EditError.SubmissionStopped)
        {
            _unsubmitted.Add();
        }
        else
        {
            WriteError(error, source, requestId);
        }
    }

    /// <summary>Warns once in a call, before the first image is uploaded, that the storage is public.</summary>
    private protected void WarnOfStorage(PreparedEdit edit)
    {
        if (Upload == ImageUpload.Storage && edit.Image is not null && !_hasWarned)
        {
            _hasWarned = true;
            this.WriteWarningWithoutPrompt("With -Upload Storage an image is put at a public URL: whoever has the URL can read it, without a key, and it can't be deleted.");
        }
    }

    /// <summary>Starts the work on an edit: as soon as the limit allows it, or as soon as the first images of the pipeline are no longer held back.</summary>
    /// <param name="request">The edit.</param>
    /// <param name="work">First awaits its first argument, if there is one, which may throw <see cref="EditError.DestinationCollision"/>.</param>
    /// <param name="report">Writes the result, on the pipeline thread.</param>
    /// <param name="fail">Writes the error that ended the work, on the pipeline thread.</param>
    private protected void Start<T>(
        EditRequest request,
        Func<Func<CancellationToken, Task>?, CancellationToken, Task<T>> work,
        Action<T> report,
        Action<QwenEditException>? fail = null)
    {
        if (!_input.IsPipeline || _queue.HasReleased)
        {
            Start(token => work(null, token), report, fail);
            return;
        }

        // The turn ends when the result has been written, as Select-Object -First may stop the call there.
        (Func<CancellationToken, Task> enter, Action leave) = _queue.TakeTurn(request);
        Work.Start(token => work(enter, token), report, fail, leave);
    }

    /// <inheritdoc/>
    private protected sealed override void Begin()
    {
        _input.Begin();
        base.Begin();
        Settings = Settings with { Resubmit = Resubmit, Limits = Limits, Transport = Transport, Upload = Upload };
        // The destination is one file, and the pipeline may have several images. Nothing is sent before it is known that there is only one. A script
        // block and a CSV column are not bound yet.
        _awaitsAllInput = _input.IsPipeline
            && MyInvocation.BoundParameters.ContainsKey(nameof(DestinationPath))
            && DestinationPath is { Length: > 0 } path
            && !DestinationResolver.EndsInSeparator(path)
            && DestinationResolver.IsFile(ImagePathResolver.FullPath(this, path, EditError.DestinationUnwritable));
    }

    /// <inheritdoc/>
    private protected sealed override void ProcessInput()
    {
        CountUnbound();
        List<EditRequest> requests = ReadRequests();
        if (!_input.IsPipeline)
        {
            Progress.Expected = requests.Count;
            _queue.Add(requests);
            StartAll();
            return;
        }

        _queue.AddFromPipeline(requests);
        if (!_awaitsAllInput && (_queue.HasReleased || !this.IsWhatIf()))
        {
            StartAll();
        }
    }

    /// <inheritdoc/>
    private protected sealed override void EndInput()
    {
        CountUnbound();
        _queue.Release();
        StartAll();
    }

    /// <inheritdoc/>
    private protected override void EndWork()
    {
        base.EndWork();
        if (_unsubmitted.ErrorFor(OpenedSession?.Breaker.Cause) is { } error)
        {
            LogError(error, null);
            WriteError(error, null);
        }
    }

    /// <inheritdoc/>
    private protected override void EndCall(bool completed)
    {
        for (int left = _queue.Count; left > 0; left--)
        {
            Run?.NotSubmitted();
        }

        CountUnbound();
        base.EndCall(completed);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            _forecaster?.Dispose();
            _queue.Dispose();
        }
    }

    private void StartAll()
    {
        foreach (EditRequest request in _queue.TakeAll())
        {
            PreparedEdit? edit = null;
            Try(() => edit = Prepare(request), error => WriteInvalid(error, request.Source));
            if (edit is not null)
            {
                StartOrCount(edit);
            }
        }
    }

    // Returns null if the edit is not to start.
    private PreparedEdit? Prepare(EditRequest request)
    {
        _queue.ClaimDestination(request);
        PreparedEdit edit = PreparedEdit.Prepare(request);
        if (OpenedSession?.Breaker.Cause is null)
        {
            return Approves(edit) ? edit : null;
        }

        _unsubmitted.Add();
        Run!.NotSubmitted();
        return null;
    }

    // An edit that still waits for room when the call is stopped was not submitted.
    private void StartOrCount(PreparedEdit edit)
    {
        int started = Progress.Started;
        try
        {
            Start(edit);
        }
        finally
        {
            if (Progress.Started == started)
            {
                Run?.NotSubmitted();
            }
        }
    }
}
