using System.Management.Automation;
using QwenEdit.Commands.Parameters;
using QwenEdit.Commands.Pipeline;
using QwenEdit.Editing;

namespace QwenEdit.Commands.Base;

/// <summary>The parameters of the images to edit and of their destinations; makes edits of them and starts each.</summary>
public abstract class EditCommand : EditParameterCommand
{
    private static readonly string[] s_fields =
        [nameof(Prompt), nameof(Steps), nameof(Guidance), nameof(Seed), nameof(ImageFormat), nameof(Quality), nameof(Model), nameof(DestinationPath)];

    private readonly DestinationResolver.Register _destinations = new();
    private readonly List<EditRequest> _held = [];
    private readonly InputBuffer _holdback;
    private readonly UnboundRecords _unbound;
    private bool _holds;
    private bool _hasPath;
    private bool _hasOneEdit;
    private EditForecaster? _forecaster;
    private int _rows;
    private int _waiting;
    private bool _hasWarned;

    private protected EditCommand(string activity)
        : base(activity)
    {
        _holdback = new InputBuffer(() => ThrottleLimit);
        _unbound = new UnboundRecords(this);
    }

    /// <summary>The paths of images: PNG, JPEG, WebP, GIF, BMP or TIFF. Wildcards are allowed.</summary>
    /// <remarks>
    /// <para>The characters <c>[</c> and <c>]</c> are wildcards. Use <see cref="LiteralPath"/> for file names that contain them.</para>
    /// <para>A text that begins with <c>https://</c> or <c>http://</c> is a remote image, as with <see cref="Uri"/>.</para>
    /// </remarks>
    [Parameter(ParameterSetName = PathSet, Mandatory = true, Position = 0)]
    [Parameter(ParameterSetName = PipelineSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [EmptyMeansNone(nameof(Path), TakesRecords = true)]
    [ImagePath]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>The paths of images, without wildcards. Files from Get-ChildItem and the results of earlier edits bind to this parameter.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>The URLs of remote images. The service downloads them itself, so it must be able to reach them without signing in.</summary>
    [Parameter(ParameterSetName = UriSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ImagePath]
    [ValidateNotNullOrEmpty]
    public string[] Uri { get; set; } = [];

    /// <summary>A file, a path, a URL or a row with properties, from the pipeline. You don't need to specify this parameter.</summary>
    /// <remarks>
    /// <para>
    /// The properties of a row have the names of parameters, such as Path, Prompt and Seed. A row without an image or a prompt, or with a value that
    /// can't be used, is one error, InvalidRow, and the others continue.
    /// </para>
    /// <para>
    /// A row for which a script block argument fails, or gives a value that can't be used, is an error of PowerShell. The run counts it as well, by
    /// the errors in <c>$Error</c>. So it is not counted with <c>-ErrorAction Ignore</c>, and of more than a hundred such rows in a row, the first may
    /// not be counted.
    /// </para>
    /// </remarks>
    [Parameter(ParameterSetName = PipelineSet, Mandatory = true, ValueFromPipeline = true)]
    [PipelineRow]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public PSObject? InputObject { get; set; }

    /// <summary>
    /// How a local image is sent to the service: in the request, or to the storage of the service first. The storage is for images that are too large
    /// for a request.
    /// </summary>
    /// <remarks>
    /// An image in the storage is public: everyone who has its URL can read it without a key, and it can't be deleted. An upload costs nothing. The
    /// upload is not part of an edit's identity: an image that was edited before is neither uploaded nor submitted again.
    /// </remarks>
    [Parameter]
    public ImageUpload Upload { get; set; } = ImageUpload.Inline;

    /// <summary>
    /// The destination of the edited image: a file, or a folder, which is created if it is missing. Without this parameter, the edited image is
    /// written beside the original. Its name is that of the original with <c>-edited</c> added, and its extension is that of <see
    /// cref="EditParameterCommand.ImageFormat"/>.
    /// </summary>
    /// <remarks>
    /// <para>
    /// A path that ends in .png, .jpg, .jpeg or .webp is a file, unless there is a folder of that name. A path that ends in <c>/</c> is a folder. In
    /// a folder, the edited image has the name of the original, with the extension of <see cref="EditParameterCommand.ImageFormat"/>. A script block
    /// gives each image of the pipeline its own destination.
    /// </para>
    /// <para>
    /// Without this parameter, results that lie beside their originals are left out where a wildcard or the pipeline brings them, so that the same
    /// command can be run again. <c>-Verbose</c> lists them.
    /// </para>
    /// <para>
    /// Without this parameter, a remote image is written to the current folder. If two images would be written to the same file, both are errors and
    /// neither is sent. The images of a pipeline are held back for at most a second or a thousand images for this. Of an image that comes later, the
    /// first was sent, and only the second is an error.
    /// </para>
    /// </remarks>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? DestinationPath { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (!HasRecords)
        {
            // A record of an earlier call that PowerShell could not bind after all.
            PipelineRow.Clear();
        }

        base.BeginProcessing();
        Dictionary<string, object> bound = MyInvocation.BoundParameters;
        _hasPath = bound.ContainsKey(nameof(Path));
        _hasOneEdit = _hasPath && !bound.Any(IsScriptBlock);
        // One file for all that the pipeline may bring: nothing may be sent before it is known that only one comes. A script block or a
        // CSV column is not bound yet here.
        Try(() => _holds = MyInvocation.ExpectingInput
            && MyInvocation.BoundParameters.ContainsKey(nameof(DestinationPath))
            && DestinationPath is { Length: > 0 } path
            && !DestinationResolver.EndsInSeparator(path)
            && DestinationResolver.IsFile(ImagePathResolver.FullPath(this, path, EditError.DestinationUnwritable)));
    }

    /// <inheritdoc/>
    private protected sealed override ImageUpload UploadBy => Upload;

    /// <summary>Says once a call, before the first image goes there, what the storage is.</summary>
    private protected void WarnOfStorage(PreparedEdit edit)
    {
        if (Upload == ImageUpload.Storage && edit.Image is not null && !_hasWarned)
        {
            _hasWarned = true;
            this.WriteWarningWithoutPrompt("With -Upload Storage an image is put at a public URL: whoever has the URL can read it, without a key, and it can't be deleted.");
        }
    }

    /// <summary>What the call would do with an edit, by the journal as it is.</summary>
    private protected EditForecaster Forecaster
    {
        get
        {
            if (_forecaster is null)
            {
                Try(() => _forecaster = new EditForecaster(JournalPathResolver.Find(this, JournalPath), ServiceEndpoint.Root, Resubmit, TimeProvider.System));
            }

            return _forecaster!;
        }
    }

    /// <summary>Asks, where the user wants to be asked, whether an edit is to be made; with <c>-WhatIf</c>, says what would become of it.</summary>
    /// <exception cref="QwenEditException">It would be an error.</exception>
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

    /// <summary>Starts an edit that has been looked at and approved.</summary>
    private protected abstract void Start(PreparedEdit edit);

    /// <inheritdoc/>
    private protected sealed override void ProcessInput()
    {
        if (MyInvocation.ExpectingInput)
        {
            CountUnbound();
            _rows++;
        }

        List<EditRequest> requests = [];
        (string set, string[] images) = Images(HasRecords || MyInvocation.ExpectingInput ? PipelineRow.Take() : null);
        foreach (string value in images)
        {
            foreach (ImagePathResolver.Source source in OrError(value, () => Resolve(set, value)) ?? [])
            {
                if (OrError(source.ToString(), () => Request(set, value, source)) is { } request)
                {
                    requests.Add(request);
                }
            }
        }

        if (!MyInvocation.ExpectingInput)
        {
            StartAll(requests);
            return;
        }

        foreach (EditRequest request in requests)
        {
            _holdback.Add(request.Destination);
        }

        _held.AddRange(requests);
        if (!_holds && (_holdback.HasEnded || !this.IsWhatIf()))
        {
            StartHeld();
        }
    }

    /// <inheritdoc/>
    private protected sealed override void EndInput()
    {
        CountUnbound();
        _holdback.End();
        StartHeld();
    }

    /// <inheritdoc/>
    private protected sealed override int Waiting => _holdback.Waiting;

    // Whether -InputObject is used by its name: the record was bound with the command line.
    private bool HasRecords => MyInvocation.BoundParameters.ContainsKey(nameof(InputObject));

    private void StartHeld()
    {
        List<EditRequest> held = [.. _held];
        _held.Clear();
        StartAll(held);
    }

    /// <summary>Starts work on an edit: at once, or when the first images of the pipeline have been held back.</summary>
    /// <param name="request">The edit.</param>
    /// <param name="work">Awaits first what it is given, if anything; that may throw <see cref="EditError.DestinationCollision"/>.</param>
    /// <param name="report">Writes what came of it, on the pipeline thread.</param>
    private protected void Start<T>(
        EditRequest request, Func<Func<CancellationToken, Task>?, CancellationToken, Task<T>> work, Action<T> report)
    {
        if (!MyInvocation.ExpectingInput || _holdback.HasEnded)
        {
            Start(token => work(null, token), report);
            return;
        }

        TaskCompletionSource<bool> turn = _holdback.TakeTurn();
        StartAtOnce(
            async token =>
            {
                try
                {
                    return await work(Enter, token).ConfigureAwait(false);
                }
                catch
                {
                    _holdback.Leave(turn);
                    throw;
                }
            },
            result =>
            {
                // The next image goes only when this result has been written: -First 1 may stop the call at it.
                try
                {
                    report(result);
                }
                finally
                {
                    _holdback.Leave(turn);
                }
            });

        async Task Enter(CancellationToken cancellationToken)
        {
            await InputBuffer.EnterAsync(turn, cancellationToken).ConfigureAwait(false);
            if (_holdback.Collides(request.Destination))
            {
                throw Collision(request, isSent: false);
            }
        }
    }

    private static QwenEditException Collision(EditRequest request, bool isSent) => new(
        EditError.DestinationCollision,
        $"{request.Source} would be written to {request.Destination}, as another image of this call{(isSent ? ", which was sent before" : string.Empty)}. It is not sent.");

    /// <inheritdoc/>
    private protected override void EndCall(bool completed)
    {
        for (int left = _waiting + _held.Count; left > 0; left--)
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
            _holdback.Dispose();
        }
    }

    // The images of the command line, or of a record of the pipeline, where a path that is taken as it stands comes first. A record's LiteralPath
    // and Uri are read here. If PowerShell bound them in the parameter set of the pipeline, -LiteralPath and -Uri on the command line would belong
    // to two parameter sets, and a missing -Prompt would be the error AmbiguousParameterSet.
    private (string Set, string[] Values) Images(PipelineRow? row)
    {
        if (row is null)
        {
            return ParameterSetName switch { LiteralPathSet => (LiteralPathSet, LiteralPath), UriSet => (UriSet, Uri), _ => (PathSet, Path) };
        }

        (string, string[]) path = (PathSet, row.Allows(nameof(Path)) ? Path : []);
        (string Set, string[] Values)[] given = _hasPath ? [path] :
        [
            (LiteralPathSet, row.TextsOf(nameof(LiteralPath), "PSPath", "LP")),
            path,
            (UriSet, row.TextsOf(nameof(Uri))),
        ];
        (string Set, string[] Values) images = given.FirstOrDefault(each => each.Values is { Length: > 0 });
        List<string> problems = [.. row.Problems];
        if (images.Values is null && row.SemicolonHeader is { } header)
        {
            problems.Add($"there is no image, as its only column is '{header}': the table seems to be separated by semicolons. Read it with Import-Csv -Delimiter ';'");
        }
        else if (images.Values is null)
        {
            problems.Add(row.Names.Any()
                ? $"there is no image, as it has no Path, LiteralPath or Uri but {string.Join(", ", row.Names)}"
                : "it is not an image and has none");
        }
        else if (_hasOneEdit && !row.HasAny(s_fields))
        {
            problems.Add("it is not used, as the command line has the image");
        }

        if (row.SemicolonHeader is null && (string.IsNullOrWhiteSpace(Prompt) || !row.Allows(nameof(Prompt))))
        {
            problems.Add("there is no Prompt");
        }

        if (problems.Count == 0)
        {
            return images;
        }

        string name = images.Values is [{ } first, ..] ? first : row.ToString();
        WriteInvalid(new QwenEditException(EditError.InvalidRow, $"Row {_rows} ({name}): {string.Join("; ", problems)}."), name);
        return (PathSet, []);
    }

    // A script block makes a value for each record. Until then, PowerShell's BoundParameters have an object of another type.
    private static bool IsScriptBlock(KeyValuePair<string, object> bound) =>
        s_fields.Append(nameof(Path)).Contains(bound.Key)
            && bound.Value is not null && !typeof(EditCommand).GetProperty(bound.Key)!.PropertyType.IsInstanceOfType(bound.Value);

    private void CountUnbound()
    {
        foreach (ErrorRecord error in _unbound.TakeErrors())
        {
            string name = error.TargetObject?.ToString() ?? "$null";
            CountInvalid(new QwenEditException(EditError.InvalidRow, $"Row {++_rows} ({name}): {error.Exception.Message}", error.Exception), name);
        }
    }

    private EditRequest? Request(string set, string value, ImagePathResolver.Source source)
    {
        try
        {
            return MakeRequest(source, DestinationResolver.For(this, source, DestinationPath, ImageFormat));
        }
        catch (QwenEditException exception) when (exception.Error == EditError.SourceIsResult && IsListed(set, value))
        {
            LeaveOut(exception, source.ToString());
            return null;
        }
    }

    // Only an image that the user names on its own is surely meant.
    private bool IsListed(string set, string value) =>
        MyInvocation.ExpectingInput || (set == PathSet && WildcardPattern.ContainsWildcardCharacters(value));

    // An edit that still waits for room when the call is stopped was not submitted.
    private void StartOrCount(PreparedEdit edit)
    {
        int started = Progress.Started;
        try
        {
            Start(edit);
        }
        catch when (Progress.Started == started)
        {
            Run?.NotSubmitted();
            throw;
        }
    }

    private T? OrError<T>(string target, Func<T?> make)
        where T : class
    {
        try
        {
            return make();
        }
        catch (QwenEditException exception)
        {
            WriteInvalid(exception, target);
            return null;
        }
    }

    private IEnumerable<ImagePathResolver.Source> Resolve(string set, string value) => set switch
    {
        PathSet => ImagePathResolver.FromPath(this, value),
        LiteralPathSet => [ImagePathResolver.FromLiteralPath(this, value)],
        _ => [ImagePathResolver.FromUri(value)],
    };

    // Two images for one file: where both are known, neither is sent.
    private void StartAll(List<EditRequest> requests)
    {
        if (!MyInvocation.ExpectingInput)
        {
            Progress.Expected = requests.Count;
        }

        Dictionary<string, int> wanted = new(DestinationResolver.Comparer);
        foreach (EditRequest request in requests)
        {
            wanted[request.Destination] = wanted.TryGetValue(request.Destination, out int count) ? count + 1 : 1;
        }

        _waiting = requests.Count;
        foreach (EditRequest request in requests)
        {
            _waiting--;
            try
            {
                bool collides = wanted[request.Destination] > 1 || _holdback.Collides(request.Destination);
                if (collides || !_destinations.TryClaim(request.Destination))
                {
                    throw Collision(request, isSent: !collides);
                }

                PreparedEdit edit = PreparedEdit.Prepare(request);
                if (!IsStopped() && Approves(edit))
                {
                    StartOrCount(edit);
                }
            }
            catch (QwenEditException exception)
            {
                WriteInvalid(exception, request.Source);
            }
        }
    }
}
