using System.Management.Automation;
using QwenEdit.Imaging;

namespace QwenEdit.Commands.Parameters;

/// <summary>
/// The record of the pipeline that PowerShell binds to parameters on this thread, and what is wrong with its values. PowerShell would drop a record
/// with a bad value before the cmdlet sees it, and the run could not count it.
/// </summary>
/// <param name="record">The record.</param>
internal sealed class PipelineRow(object? record)
{
    /// <summary>What a parameter is while its value in the record is refused. It is never used.</summary>
    internal const string Nothing = "-";

    [ThreadStatic]
    private static PipelineRow? s_current;

    private readonly PSObject? _record = record is null ? null : PSObject.AsPSObject(record);
    private readonly Dictionary<string, string> _refused = new(StringComparer.Ordinal);

    /// <summary>What is wrong with the record, a phrase a parameter.</summary>
    internal IEnumerable<string> Problems => _refused.Where(value => value.Value.Length > 0).Select(value => $"{value.Key} {value.Value}");

    /// <summary>The names of the record's own properties.</summary>
    internal IEnumerable<string> Names => _record?.BaseObject is PSCustomObject ? _record.Properties.Select(property => property.Name) : [];

    /// <summary>The record's only property, if its name is the header of a table that semicolons separate; otherwise <see langword="null"/>.</summary>
    internal string? SemicolonHeader => Names.Take(2).ToArray() is [{ } only] && only.IndexOf(';') >= 0 ? only : null;

    /// <summary>PowerShell begins to bind a record.</summary>
    internal static void Begin(object? record) => s_current = new PipelineRow(record);

    /// <summary>Forgets a record that was never taken.</summary>
    internal static void Clear() => s_current = null;

    /// <summary>The record that has been bound; <see langword="null"/> if there is none.</summary>
    internal static PipelineRow? Take()
    {
        PipelineRow? row = s_current;
        s_current = null;
        return row;
    }

    /// <summary>Refuses a value, if it comes from the record.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="value">Its value.</param>
    /// <param name="why">What is wrong with it; empty if it is as good as absent.</param>
    /// <returns>Whether it does; a value of the command line is PowerShell's to refuse.</returns>
    internal static bool Refuse(string parameter, object? value, string why)
    {
        if (s_current is not { } row || !(row.Is(value) || row.Has(parameter, value)))
        {
            return false;
        }

        row._refused[parameter] = why;
        return true;
    }

    /// <summary>Whether a parameter has a value that can be used, from the record or from the command line.</summary>
    internal bool Allows(string parameter) => !_refused.ContainsKey(parameter);

    /// <summary>The texts of the record's first property that has one of some names and is not empty.</summary>
    internal string[] TextsOf(params string[] names) => names.Select(TextsOf).FirstOrDefault(texts => texts.Length > 0) ?? [];

    /// <summary>Whether the record has a property of one of some names.</summary>
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

        // The text of a Uri object is unescaped.
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
            // PowerShell can't bind such a property either.
            return false;
        }
    }
}

/// <summary>Marks the parameter that takes each record whole, before others take its properties.</summary>
internal sealed class PipelineRowAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        PipelineRow.Begin(inputData);
        return inputData;
    }
}

/// <summary>Takes an empty property of a pipeline record for an absent one.</summary>
internal sealed class EmptyMeansNoneAttribute(string parameter) : ArgumentTransformationAttribute
{
    /// <summary>Whether the parameter takes records whole, which PowerShell may do before it binds <see cref="PipelineRowAttribute"/>'s.</summary>
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

        // The inner exception has PowerShell look for another way to bind the record.
        return !TakesRecords ? inputData : throw new ArgumentTransformationMetadataException("It is empty.", new PSInvalidCastException());
    }
}

/// <summary>Refuses a text of blanks.</summary>
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
