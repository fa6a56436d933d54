using System.Management.Automation;

namespace QwenEdit.Commands.Parameters;

/// <summary>Refuses a time below one second: PowerShell takes a bare number for ticks of 100 ns, which nobody means.</summary>
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
