using System.Collections;
using System.Management.Automation;
using QwenEdit.Commands.Completion;
using QwenEdit.Commands.Parameters;

namespace QwenEdit.Commands.Base;

// The parameters that are fields of the request at the service.
public abstract partial class EditCommand
{
    /// <summary>The change to make, in words. Quotes around the text to change help the model: <c>"Change '1000$' to '5$'"</c>.</summary>
    /// <remarks>
    /// In double quotes, PowerShell takes <c>$</c> and the name that follows it for a variable. A script block gives each image of the pipeline its
    /// own prompt.
    /// </remarks>
    [Parameter(ParameterSetName = PathSet, Mandatory = true, Position = 1)]
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = UriSet, Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = PipelineSet, Position = 1, ValueFromPipelineByPropertyName = true)]
    [EmptyMeansNone(nameof(Prompt))]
    [ValidateNotBlank]
    public string Prompt { get; set; } = string.Empty;

    /// <summary>The number of inference steps. 8 balances speed and quality.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [EmptyMeans(nameof(Steps), 8)]
    [ValidateRange(1, 20)]
    public int Steps { get; set; } = 8;

    /// <summary>How closely the model follows the prompt. 4 follows it more closely than the default.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [EmptyMeans(nameof(Guidance), 1.0)]
    [ValidateRange(1.0, 25.0)]
    public double Guidance { get; set; } = 1;

    /// <summary>The seed. The same seed gives the same picture again. -1 chooses a random seed, and the result reports it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [EmptyMeans(nameof(Seed), 760941192L)]
    [ValidateRange(-1L, 999999999999999L)]
    public long Seed { get; set; } = 760941192;

    /// <summary>The format of the edited image.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [EmptyMeans(nameof(ImageFormat), ImageFormat.Png)]
    public ImageFormat ImageFormat { get; set; } = ImageFormat.Png;

    /// <summary>The quality of a JPEG or WebP image: 80 for the web, 100 for print. It has no effect on a PNG image.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [EmptyMeans(nameof(Quality), 90)]
    [ValidateRange(10, 100)]
    public int Quality { get; set; } = 90;

    /// <summary>Makes the service return the image as text, so that there is no copy of it at a public URL.</summary>
    /// <remarks>
    /// Without this parameter, the service keeps the edited image for 7 days at a URL that nobody can guess and that needs no key. With it, a job can
    /// be received for one hour only.
    /// </remarks>
    [Parameter]
    public SwitchParameter Base64 { get; set; }

    /// <summary>The name of the model at the service.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [EmptyMeans(nameof(Model), EditRequest.DefaultModel)]
    [ArgumentCompleter(typeof(ModelCompleter))]
    [ValidatePattern("^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    public string Model { get; set; } = EditRequest.DefaultModel;

    /// <summary>Further fields of the request body, by their names at the service: <c>@{ field = value }</c>.</summary>
    /// <remarks>Use it for fields that the service adds after this version. A field that another parameter sets is an error.</remarks>
    [Parameter]
    [ValidateNotNull]
    public IDictionary AdditionalParameter { get; set; } = new Hashtable();

    /// <summary>The edit of an image, with the current values of the parameters.</summary>
    private protected EditRequest MakeRequest(ImagePathResolver.Source source, string destination) => new()
    {
        Path = source.Path,
        Uri = source.Uri,
        Destination = destination,
        Overwrite = Force,
        Prompt = Prompt,
        Steps = Steps,
        Guidance = Guidance,
        Seed = Seed,
        ImageFormat = ImageFormat,
        Quality = Quality,
        Base64 = Base64,
        Model = Model,
        AdditionalParameters = ParameterDictionary.Of(AdditionalParameter),
    };
}
