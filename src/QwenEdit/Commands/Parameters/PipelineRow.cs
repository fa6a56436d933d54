using System.Management.Automation;

namespace QwenEdit.Commands.Parameters;

/// <summary>
/// The record of the pipeline that PowerShell is binding to parameters on this thread, and its invalid values. PowerShell would skip a record with
/// an invalid value before the cmdlet sees it, and the run could not count it.
/// </summary>
/// <param name="record">The record.</param>
internal sealed class PipelineRow(object? record)
{
    /// <summary>The placeholder of a rejected value. It is never used.</summary>
    internal const string Nothing = "-";

    [ThreadStatic]
    private static PipelineRow? s_current;

    private readonly PSObject? _record = record is null ? null : PSObject.AsPSObject(record);
    private readonly Dictionary<string, string> _refused = new(StringComparer.Ordinal);

    /// <summary>The problems of the record: a phrase for each parameter.</summary>
    internal IEnumerable<string> Problems => _refused.Where(value => value.Value.Length > 0).Select(value => $"{value.Key} {value.Value}");

    /// <summary>The names of the properties of a row; empty for an object of another type.</summary>
    internal IEnumerable<string> Names => _record?.BaseObject is PSCustomObject ? _record.Properties.Select(property => property.Name) : [];

    /// <summary>The name of the only property, if it is the header of a table that is separated by semicolons; otherwise <see langword="null"/>.</summary>
    internal string? SemicolonHeader => Names.Take(2).ToArray() is [{ } only] && only.IndexOf(';') >= 0 ? only : null;

    /// <summary>Called when PowerShell begins to bind a record.</summary>
    internal static void Begin(object? record) => s_current = new PipelineRow(record);

    /// <summary>Removes a record that was not taken.</summary>
    internal static void Clear() => s_current = null;

    /// <summary>Takes the record that was bound; <see langword="null"/> if there is none.</summary>
    internal static PipelineRow? Take()
    {
        PipelineRow? row = s_current;
        s_current = null;
        return row;
    }

    /// <summary>Rejects a value that comes from the record.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="value">Its value.</param>
    /// <param name="why">The problem, as a phrase; empty if the value counts as absent.</param>
    /// <returns>Whether the value comes from the record. PowerShell rejects values of the command line.</returns>
    internal static bool Refuse(string parameter, object? value, string why)
    {
        if (s_current is not { } row || !(row.Is(value) || row.Has(parameter, value)))
        {
            return false;
        }

        row._refused[parameter] = why;
        return true;
    }

    /// <summary>Whether no value of the record was rejected for this parameter.</summary>
    internal bool Allows(string parameter) => !_refused.ContainsKey(parameter);

    /// <summary>The texts of the first property that has one of these names and is not empty.</summary>
    internal string[] TextsOf(params string[] names) => names.Select(TextsOf).FirstOrDefault(texts => texts.Length > 0) ?? [];

    /// <summary>Whether the record has a property with one of these names.</summary>
    internal bool HasAny(params string[] names) => names.Any(name => _record?.Properties[name] is not null);

    /// <inheritdoc/>
    public override string ToString() => _record?.ToString() ?? "$null";

    private bool Is(object? value) => Equals(_record?.BaseObject, value);

    private bool Has(string name, object? value) => TryGet(name, out object? own) && Equals(own, value);

    private string[] TextsOf(string name)
    {
        if (!TryGet(name, out object? value) || value is null)
        {
            return [];
        }

        // Uri.ToString() returns an unescaped text.
        string[] texts = value is Uri address ? [address.OriginalString] : LanguagePrimitives.TryConvertTo(value, out string[]? several) ? several! : [];
        return [.. texts.Where(text => !string.IsNullOrWhiteSpace(text))];
    }

    private bool TryGet(string name, out object? value)
    {
        value = null;
        try
        {
            if (_record?.Properties[name] is not { } property)
            {
                return false;
            }

            value = property.Value is PSObject wrapped ? wrapped.BaseObject : property.Value;
            return true;
        }
        catch (GetValueException)
        {
            // PowerShell can't bind a property that throws either.
            return false;
        }
    }
}

/// <summary>Marks the parameter that PowerShell binds to the whole record before it binds the properties of the record.</summary>
internal sealed class PipelineRowAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        PipelineRow.Begin(inputData);
        return inputData;
    }
}

/// <summary>Treats an empty property of a pipeline record as absent.</summary>
internal sealed class EmptyMeansNoneAttribute(string parameter) : ArgumentTransformationAttribute
{
    /// <summary>Whether whole records bind to the parameter. PowerShell may bind it before the parameter with <see cref="PipelineRowAttribute"/>.</summary>
    public bool TakesRecords { get; set; }

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? given = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (given is not null && (given is not string text || !string.IsNullOrWhiteSpace(text)))
        {
            return inputData;
        }

        if (PipelineRow.Refuse(parameter, given, string.Empty))
        {
            return PipelineRow.Nothing;
        }

        // With this inner exception, PowerShell tries another parameter for the record.
        return !TakesRecords ? inputData : throw new ArgumentTransformationMetadataException("It is empty.", new PSInvalidCastException());
    }
}

/// <summary>Rejects an empty or blank text.</summary>
internal sealed class ValidateNotBlankAttribute : ValidateArgumentsAttribute
{
    /// <inheritdoc/>
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        if (string.IsNullOrWhiteSpace(arguments as string))
        {
            throw new ValidationMetadataException("It is empty. Say what to change.");
        }
    }
}
