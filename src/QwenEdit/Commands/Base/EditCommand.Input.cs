using System.Management.Automation;
using QwenEdit.Commands.Parameters;

namespace QwenEdit.Commands.Base;

// The parameters of the images, of how they are sent and of their destinations; and what reads them.
public abstract partial class EditCommand
{
    /// <summary>
    /// How an edit is sent. Async submits a job and asks for its status (v2 of the service). Sync gets the image in the response to a single request
    /// (v1), for single edits that should be quick.
    /// </summary>
    /// <remarks>
    /// <para>
    /// According to the service, v1 is suitable for jobs of less than a minute, and is in maintenance mode. Its response may take as long as <see
    /// cref="RunCommand.TimeoutSec"/> allows.
    /// </para>
    /// <para>
    /// If the connection breaks or the process ends before the response begins, the edit is Unknown: it may have been billed, and it is not sent
    /// again automatically. As soon as the response begins, the request id is known, and the image is received by it.
    /// </para>
    /// <para>The transport is not part of an edit's identity: what one transport has done, the other does not do again.</para>
    /// </remarks>
    [Parameter]
    public virtual EditTransport Transport { get; set; } = EditTransport.Async;

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
    /// cref="ImageFormat"/>.
    /// </summary>
    /// <remarks>
    /// <para>
    /// A path that ends in .png, .jpg, .jpeg or .webp is a file, unless there is a folder of that name. A path that ends in <c>/</c> is a folder. In
    /// a folder, the edited image has the name of the original, with the extension of <see cref="ImageFormat"/>. A script block
    /// gives each image of the pipeline its own destination.
    /// </para>
    /// <para>
    /// Without this parameter, results that lie beside their originals are left out where a wildcard or the pipeline brings them, so that the same
    /// command can be run again. <c>-Verbose</c> lists them.
    /// </para>
    /// <para>
    /// Without this parameter, a remote image is written to the current folder. If two images would be written to the same file, both are errors and
    /// neither is sent. For this, the first images of a pipeline are held back, for at most a second or a thousand images. If a later image has the
    /// destination of an image that was sent before, only the later image is an error.
    /// </para>
    /// </remarks>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? DestinationPath { get; set; }

    /// <summary>Leaves out an image that is the result of an earlier edit, and counts it. A second call in the same folder finds such images.</summary>
    private protected virtual void LeaveOut(QwenEditException reason, string source)
    {
        Run!.LeftOut();
        if (this.IsWhatIf())
        {
            _ = ShouldProcess(source, "Leave out, as it looks like the result of an earlier edit");
        }

        Log.Verbose($"{reason.Message} It is left out. To edit it, name a -DestinationPath.");
    }

    private void CountUnbound()
    {
        foreach ((QwenEditException error, string name) in _input.TakeUnbound())
        {
            CountInvalid(error, name);
        }
    }

    private List<EditRequest> ReadRequests()
    {
        List<EditRequest> requests = [];
        (string parameter, string[] values) = (string.Empty, []);
        Try(() => (parameter, values) = _input.Read(), error => WriteInvalid(error, _input.RowName));
        foreach (string value in values)
        {
            IEnumerable<ImagePathResolver.Source> sources = [];
            Try(() => sources = _input.Resolve(parameter, value), error => WriteInvalid(error, value));
            foreach (ImagePathResolver.Source source in sources)
            {
                Try(
                    () => requests.Add(MakeRequest(source, DestinationResolver.For(this, source, DestinationPath, ImageFormat))),
                    error => WriteUnusable(error, source.ToString(), _input.IsListed(parameter, value)));
            }
        }

        return requests;
    }

    private void WriteUnusable(QwenEditException error, string source, bool isListed)
    {
        if (error.Error == EditError.SourceIsResult && isListed)
        {
            LeaveOut(error, source);
        }
        else
        {
            WriteInvalid(error, source);
        }
    }
}
