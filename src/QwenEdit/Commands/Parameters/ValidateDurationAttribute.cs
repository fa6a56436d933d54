using System.Management.Automation;

namespace QwenEdit.Commands.Parameters;

/// <summary>Rejects a time of less than one second: PowerShell converts a number to ticks of 100 ns, which is never meant.</summary>
internal sealed class ValidateDurationAttribute : ValidateArgumentsAttribute
{
    /// <inheritdoc/>
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is TimeSpan span && span < TimeSpan.FromSeconds(1))
        {
            throw new ValidationMetadataException(
                $"{span:c} is less than one second. Write a time as '00:30:00', or as (New-TimeSpan -Minutes 30).");
        }
    }
}
