using System.Collections;
using System.Management.Automation;
using QwenEdit.Engine;

namespace QwenEdit.Commands;

/// <summary>The parameters of an edit, of its image and of its destination; makes edits of them and starts each.</summary>
public abstract class EditCommand : BatchCommand
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";
    private const string UriSet = "Uri";

    private readonly Destination.Register _destinations = new();
    private readonly List<EditRequest> _held = [];
    private bool _holds;
    private bool _hasWarned;

    private protected EditCommand(string activity)
        : base(activity)
    {
    }

    /// <summary>Images by their paths: PNG, JPEG, WebP, GIF, BMP or TIFF. Wildcards are allowed.</summary>
    /// <remarks>
    /// <para>In a file's name, [ and ] are wildcards, too: use <see cref="LiteralPath"/> for such names.</para>
    /// <para>A text that begins with https:// or http:// is a remote image, as with <see cref="Uri"/>.</para>
    /// </remarks>
    [Parameter(ParameterSetName = PathSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ImagePath]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Images by their paths, taken as they stand. Files from Get-ChildItem and results of earlier edits bind here.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Remote images by their URLs, which the service fetches by itself; they must be reachable for it without signing in.</summary>
    [Parameter(ParameterSetName = UriSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ImagePath]
    [ValidateNotNullOrEmpty]
    public string[] Uri { get; set; } = [];

    /// <summary>What to change, in words. Quotes around the text that is to change help the model: "Change '1000$' to '5$'".</summary>
    /// <remarks>In double quotes, $ begins a variable where a name follows it. A script block gives each image of the pipeline its own prompt.</remarks>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Prompt { get; set; } = string.Empty;

    /// <summary>Inference steps: 8 balances speed and quality.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [EmptyMeans(8)]
    [ValidateRange(1, 20)]
    public int Steps { get; set; } = 8;

    /// <summary>How hard the model follows the prompt: 4 pushes harder.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [EmptyMeans(1.0)]
    [ValidateRange(1.0, 25.0)]
    public double Guidance { get; set; } = 1;

    /// <summary>The seed: the same one makes the same picture again. -1 draws a random one, which the result reports.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [EmptyMeans(760941192L)]
    [ValidateRange(-1L, 999999999999999L)]
    public long Seed { get; set; } = 760941192;

    /// <summary>The format of the edited image.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [EmptyMeans(ImageFormat.Png)]
    public ImageFormat ImageFormat { get; set; } = ImageFormat.Png;

    /// <summary>The quality of a JPEG or WebP: 80 is for the web, 100 for print. For a PNG it does not matter.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [EmptyMeans(90)]
    [ValidateRange(10, 100)]
    public int Quality { get; set; } = 90;

    /// <summary>
    /// Has the service answer with the image as text, so that no copy of it lies at a public URL.
    /// </summary>
    /// <remarks>
    /// Without it, the service keeps the edited image for 7 days at a URL that nobody can guess and that needs no key. With it, a job can be
    /// received for one hour only.
    /// </remarks>
    [Parameter]
    public SwitchParameter Base64 { get; set; }

    /// <summary>The model's name at the service.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [EmptyMeans(EditRequest.DefaultModel)]
    [ArgumentCompleter(typeof(ModelCompleter))]
    [ValidatePattern("^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    public string Model { get; set; } = EditRequest.DefaultModel;

    /// <summary>Further fields of the request's body, by their names at the service: @{ field = value }.</summary>
    /// <remarks>For what the service adds after this version. A field that a parameter of the cmdlet has is refused.</remarks>
    [Parameter]
    [ValidateNotNull]
    public IDictionary AdditionalParameter { get; set; } = new Hashtable();

    /// <summary>
    /// How a local image gets to the service: Inline in the request, or to its Storage first, for images that are too large for a request.
    /// </summary>
    /// <remarks>
    /// What is in the storage is public: whoever has its URL can read it, without a key, and it can't be deleted. An upload costs nothing. The edit
    /// is the same either way: what was edited before is neither uploaded nor submitted again.
    /// </remarks>
    [Parameter]
    public ImageUpload Upload { get; set; } = ImageUpload.Inline;

    /// <summary>
    /// Where the edited image goes: a folder, which is made if need be, or a file. Without it, it goes beside the image as name-edited, with the
    /// extension of <see cref="ImageFormat"/>.
    /// </summary>
    /// <remarks>
    /// <para>
    /// A name that ends in .png, .jpg, .jpeg or .webp is a file, unless a folder of that name is there or it ends in /. In a folder, the image
    /// keeps its name, with the extension of <see cref="ImageFormat"/>. A script block gives each image of the pipeline its own destination.
    /// </para>
    /// <para>A remote image without it goes into the current folder. Two images that would be written to one file are an error, and neither is sent.</para>
    /// </remarks>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? DestinationPath { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        // One file for all that the pipeline may bring: nothing may be sent before it is known that only one comes. A script block or a
        // CSV column is not bound yet here.
        _holds = MyInvocation.ExpectingInput
            && MyInvocation.BoundParameters.ContainsKey(nameof(DestinationPath))
            && DestinationPath is { Length: > 0 } path
            && !Destination.EndsInSeparator(path)
            && Destination.IsFile(ImageInput.FullPath(this, path));
    }

    /// <inheritdoc/>
    private protected sealed override ImageUpload UploadBy => Upload;

    /// <summary>Says once a call, before the first image goes there, what the storage is.</summary>
    private protected void WarnOfStorage(PreparedEdit edit)
    {
        if (Upload == ImageUpload.Storage && edit.Image is not null && !_hasWarned)
        {
            _hasWarned = true;
            WriteWarning("With -Upload Storage an image is put at a public URL: whoever has the URL can read it, without a key, and it can't be deleted.");
        }
    }

    /// <summary>Asks, where the user wants to be asked, whether an edit is to be made.</summary>
    private protected virtual bool Approves(EditRequest request) =>
        ShouldProcess(request.Source, $"Edit with {request.Model} into {request.Destination}");

    /// <summary>Starts an edit that has been looked at and approved.</summary>
    private protected abstract void Start(PreparedEdit edit);

    /// <inheritdoc/>
    private protected sealed override void ProcessInput()
    {
        List<EditRequest> requests = [];
        foreach (string value in ParameterSetName switch { PathSet => Path, LiteralPathSet => LiteralPath, _ => Uri })
        {
            foreach (ImageInput.Source source in OrError(value, () => Resolve(value)) ?? [])
            {
                if (OrError(source.ToString(), () => MakeRequest(source)) is { } request)
                {
                    requests.Add(request);
                }
            }
        }

        if (_holds)
        {
            _held.AddRange(requests);
        }
        else
        {
            StartAll(requests);
        }
    }

    /// <inheritdoc/>
    private protected sealed override void EndInput() => StartAll(_held);

    private T? OrError<T>(string target, Func<T> make)
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

    private IEnumerable<ImageInput.Source> Resolve(string value) => ParameterSetName switch
    {
        PathSet => ImageInput.FromPath(this, value),
        LiteralPathSet => [ImageInput.FromLiteralPath(this, value)],
        _ => [ImageInput.FromUri(value)],
    };

    private EditRequest MakeRequest(ImageInput.Source source) => new()
    {
        Path = source.Path,
        Uri = source.Uri,
        Destination = Destination.For(this, source, DestinationPath, ImageFormat),
        Overwrite = Force,
        Prompt = Prompt,
        Steps = Steps,
        Guidance = Guidance,
        Seed = Seed,
        ImageFormat = ImageFormat,
        Quality = Quality,
        Base64 = Base64,
        Model = Model,
        AdditionalParameters = PlainValues.Of(AdditionalParameter),
    };

    // Two images for one file: where both are known, neither is sent.
    private void StartAll(List<EditRequest> requests)
    {
        if (!MyInvocation.ExpectingInput)
        {
            Progress.Expected = requests.Count;
        }

        Dictionary<string, int> wanted = new(Poly.PathComparison == StringComparison.Ordinal ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);
        foreach (EditRequest request in requests)
        {
            wanted[request.Destination] = wanted.TryGetValue(request.Destination, out int count) ? count + 1 : 1;
        }

        foreach (EditRequest request in requests)
        {
            try
            {
                if (wanted[request.Destination] > 1 || !_destinations.TryTake(request.Destination))
                {
                    throw new QwenEditException(
                        EditError.DestinationCollision, $"{request.Source} would be written to {request.Destination}, as another image of this call.");
                }

                PreparedEdit edit = PreparedEdit.Prepare(request);
                if (!IsStopped() && Approves(request))
                {
                    Start(edit);
                }
            }
            catch (QwenEditException exception)
            {
                WriteInvalid(exception, request.Source);
            }
        }
    }
}
