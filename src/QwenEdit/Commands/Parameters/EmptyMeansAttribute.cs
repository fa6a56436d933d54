using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using System.Text.RegularExpressions;
using QwenEdit.Commands.Base;

namespace QwenEdit.Commands.Parameters;

/// <summary>
/// Replaces an empty text, such as an empty cell of a CSV row, by the default of the parameter. PowerShell would convert it to zero. PowerShell rejects
/// a value of the command line that can't be used; the cmdlet rejects one of a pipeline record and counts it.
/// </summary>
/// <param name="parameter">The name of the parameter, which <see cref="EditCommand"/> declares.</param>
/// <param name="value">Its default.</param>
internal sealed class EmptyMeansAttribute(string parameter, object value) : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? given = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        string? text = given as string;
        if (given is null ? PipelineRow.Refuse(parameter, given, string.Empty) : text is not null && string.IsNullOrWhiteSpace(text))
        {
            return value;
        }

        bool isRead = LanguagePrimitives.TryConvertTo(given, value.GetType(), CultureInfo.InvariantCulture, out object? read);
        string? why = isRead ? Objection(read!) : $"'{given}' is not {Expected}";
        if (why is not null && PipelineRow.Refuse(parameter, given, why))
        {
            return value;
        }

        return (isRead, text) switch
        {
            (true, not null) => read,
            (false, not null) => throw new ArgumentTransformationMetadataException($"{why}."),
            _ => inputData,
        };
    }

    private string Expected => value is Enum
        ? $"one of {string.Join(", ", Enum.GetNames(value.GetType()))}"
        : value is double ? "a number" : "a whole number";

    // Applies the validation attributes of the parameter. Returns null for a valid value.
    private string? Objection(object read)
    {
        PropertyInfo property = typeof(EditCommand).GetProperty(parameter)!;
        if (property.GetCustomAttribute<ValidateRangeAttribute>() is { } range
            && read is IComparable number && (number.CompareTo(range.MinRange) < 0 || number.CompareTo(range.MaxRange) > 0))
        {
            return string.Format(CultureInfo.InvariantCulture, "'{0}' is not from {1} to {2}", read, range.MinRange, range.MaxRange);
        }

        return property.GetCustomAttribute<ValidatePatternAttribute>() is { } pattern && !Regex.IsMatch(read.ToString()!, pattern.RegexPattern, RegexOptions.IgnoreCase)
            ? $"'{read}' can't be a name"
            : null;
    }
}
