using System.Management.Automation;

namespace QwenEdit.Commands;

/// <summary>
/// Takes an empty text, as an empty cell of a CSV row is, for the parameter's default. PowerShell would make it a zero.
/// </summary>
internal sealed class EmptyMeansAttribute(object value) : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is string text && string.IsNullOrWhiteSpace(text) ? value : inputData;
}
