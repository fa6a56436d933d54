using System.Globalization;
using System.Management.Automation;

namespace QwenEdit.Commands;

/// <summary>
/// Takes an empty text, as an empty cell of a CSV row is, for the parameter's default; PowerShell would make it a zero. A cell that can't
/// be read is refused, where PowerShell would leave it out and let the row run with the default.
/// </summary>
internal sealed class EmptyMeansAttribute(object value) : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? given = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (given is not string text)
        {
            return inputData;
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            return value;
        }

        return LanguagePrimitives.TryConvertTo(text, value.GetType(), CultureInfo.InvariantCulture, out object? read)
            ? read
            : throw new ArgumentTransformationMetadataException($"'{text}' is not {Expected}.");
    }

    private string Expected => value is Enum
        ? $"one of {string.Join(", ", Enum.GetNames(value.GetType()))}"
        : value is double ? "a number" : "a whole number";
}
