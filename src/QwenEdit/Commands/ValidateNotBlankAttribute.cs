using System.Management.Automation;

namespace QwenEdit.Commands;

/// <summary>Refuses a text of white space only, such as the cell of a CSV row that holds a blank: it would be sent, and paid for.</summary>
internal sealed class ValidateNotBlankAttribute : ValidateArgumentsAttribute
{
    /// <inheritdoc/>
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is string text && string.IsNullOrWhiteSpace(text))
        {
            throw new ValidationMetadataException("It holds nothing but white space. Say what to change in the image.");
        }
    }
}
