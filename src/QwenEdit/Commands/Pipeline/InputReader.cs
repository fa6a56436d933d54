using System.Management.Automation;
using System.Reflection;
using QwenEdit.Commands.Base;
using QwenEdit.Commands.Parameters;

namespace QwenEdit.Commands.Pipeline;

/// <summary>Reads the images of a call: those of the command line, or those of one record of the pipeline at a time.</summary>
/// <param name="command">The cmdlet that the images are for.</param>
internal sealed class InputReader(EditCommand command)
{
    /// <summary>The parameters that a property of a record can set, without those of the image.</summary>
    private static readonly string[] s_fields =
    [
        .. from property in typeof(EditCommand).GetProperties()
           where property.GetCustomAttributes<ParameterAttribute>().Any(parameter => parameter.ValueFromPipelineByPropertyName)
           where property.Name is not (nameof(EditCommand.Path) or nameof(EditCommand.LiteralPath) or nameof(EditCommand.Uri))
           select property.Name,
    ];

    private readonly UnboundRecords _unbound = new(command);
    private bool _hasPath;
    private bool _hasOneEdit;
    private int _rows;

    /// <summary>Whether the images come from the pipeline.</summary>
    internal bool IsPipeline => command.MyInvocation.ExpectingInput;

    /// <summary>The name of the current row in errors: its first image, or the row as text.</summary>
    internal string RowName { get; private set; } = string.Empty;

    // -InputObject may be used by its name. The record was then bound with the command line.
    private bool HasRecords => command.MyInvocation.BoundParameters.ContainsKey(nameof(EditCommand.InputObject));

    /// <summary>Looks at the command line, before the first record.</summary>
    internal void Begin()
    {
        if (!HasRecords)
        {
            // PowerShell may have failed to bind a record of an earlier call after its transformation.
            PipelineRow.Clear();
        }

        Dictionary<string, object> bound = command.MyInvocation.BoundParameters;
        _hasPath = bound.ContainsKey(nameof(EditCommand.Path));
        _hasOneEdit = _hasPath && !bound.Any(IsScriptBlock);
    }

    /// <summary>Returns the errors of the records that PowerShell could not bind since the last call, with the name of each record.</summary>
    internal IEnumerable<(QwenEditException Error, string Name)> TakeUnbound()
    {
        foreach (ErrorRecord error in _unbound.TakeErrors())
        {
            string name = error.TargetObject?.ToString() ?? "$null";
            yield return (new QwenEditException(EditError.InvalidRow, $"Row {++_rows} ({name}): {error.Exception.Message}", error.Exception), name);
        }
    }

    /// <summary>Reads the images of the command line or of the current record.</summary>
    /// <returns>The values, and the parameter that has them.</returns>
    /// <exception cref="QwenEditException"><see cref="EditError.InvalidRow"/>.</exception>
    internal (string Parameter, string[] Values) Read()
    {
        if (IsPipeline)
        {
            _rows++;
        }

        return (HasRecords || IsPipeline ? PipelineRow.Take() : null) is { } row ? Read(row) : command.ParameterSetName switch
        {
            EditCommand.LiteralPathSet => (nameof(EditCommand.LiteralPath), command.LiteralPath),
            EditCommand.UriSet => (nameof(EditCommand.Uri), command.Uri),
            _ => (nameof(EditCommand.Path), command.Path),
        };
    }

    /// <summary>Resolves a value of a parameter.</summary>
    /// <exception cref="QwenEditException">
    /// <see cref="EditError.ImageNotFound"/>, <see cref="EditError.NotAFile"/>, <see cref="EditError.InvalidUri"/>.
    /// </exception>
    internal IEnumerable<ImagePathResolver.Source> Resolve(string parameter, string value) => parameter switch
    {
        nameof(EditCommand.Path) => ImagePathResolver.FromPath(command, value),
        nameof(EditCommand.LiteralPath) => [ImagePathResolver.FromLiteralPath(command, value)],
        _ => [ImagePathResolver.FromUri(value)],
    };

    /// <summary>Whether the image is one of a list: of the pipeline, or of a wildcard. An image that is named on its own is certainly meant.</summary>
    internal bool IsListed(string parameter, string value) =>
        IsPipeline || (parameter == nameof(EditCommand.Path) && WildcardPattern.ContainsWildcardCharacters(value));

    // A literal path comes first. LiteralPath and Uri of a record are read here: if PowerShell bound them in the parameter set of the pipeline,
    // -LiteralPath and -Uri on the command line would belong to two parameter sets, and a missing -Prompt would be the error
    // AmbiguousParameterSet.
    private (string Parameter, string[] Values) Read(PipelineRow row)
    {
        (string, string[]) path = (nameof(EditCommand.Path), row.Allows(nameof(EditCommand.Path)) ? command.Path : []);
        (string Parameter, string[] Values)[] given = _hasPath ? [path] :
        [
            (nameof(EditCommand.LiteralPath), row.TextsOf(nameof(EditCommand.LiteralPath), "PSPath", "LP")),
            path,
            (nameof(EditCommand.Uri), row.TextsOf(nameof(EditCommand.Uri))),
        ];
        (string Parameter, string[] Values) images = given.FirstOrDefault(each => each.Values is { Length: > 0 });
        string[] problems = [.. ProblemsOf(row, images.Values is not null)];
        RowName = images.Values is [{ } first, ..] ? first : row.ToString();
        return problems.Length == 0
            ? images
            : throw new QwenEditException(EditError.InvalidRow, $"Row {_rows} ({RowName}): {string.Join("; ", problems)}.");
    }

    private IEnumerable<string> ProblemsOf(PipelineRow row, bool hasImage)
    {
        foreach (string problem in row.Problems)
        {
            yield return problem;
        }

        if (!hasImage && row.SemicolonHeader is { } header)
        {
            yield return $"there is no image, as its only column is '{header}': the table seems to be separated by semicolons. Read it with Import-Csv -Delimiter ';'";
        }
        else if (!hasImage)
        {
            yield return row.Names.Any()
                ? $"there is no image, as it has no Path, LiteralPath or Uri but {string.Join(", ", row.Names)}"
                : "it is not an image and has none";
        }
        else if (_hasOneEdit && !row.HasAny(s_fields))
        {
            yield return "it is not used, as the command line has the image";
        }

        if (row.SemicolonHeader is null && (string.IsNullOrWhiteSpace(command.Prompt) || !row.Allows(nameof(EditCommand.Prompt))))
        {
            yield return "there is no Prompt";
        }
    }

    // A script block makes a value for each record. Until then, PowerShell's BoundParameters have an object of another type.
    private static bool IsScriptBlock(KeyValuePair<string, object> bound) =>
        s_fields.Append(nameof(EditCommand.Path)).Contains(bound.Key)
            && bound.Value is not null && !typeof(EditCommand).GetProperty(bound.Key)!.PropertyType.IsInstanceOfType(bound.Value);
}
