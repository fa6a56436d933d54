using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;

namespace QwenEdit.Commands.Parameters;

/// <summary>
/// Accepts jobs, and restores jobs that were deserialized after Export-Clixml, a background job or a remote session. PowerShell would bind only the
/// request id of such a job.
/// </summary>
internal sealed class JobArgumentAttribute : ArgumentTransformationAttribute
{
    private static readonly string Deserialized = $"Deserialized.{typeof(EditJob).FullName}";

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => inputData switch
    {
        PSObject { BaseObject: PSCustomObject } job when job.TypeNames.Contains(Deserialized) => Restore(job),
        PSObject { BaseObject: IList several } => Transform(engineIntrinsics, several),
        IList several => several.Cast<object?>().Select(one => Transform(engineIntrinsics, one)).ToArray(),
        _ => inputData,
    };

    private static EditJob Restore(PSObject source)
    {
        EditJob job = new();
        foreach (PropertyInfo property in typeof(EditJob).GetProperties().Where(each => each.CanWrite))
        {
            if (source.Properties[property.Name]?.Value is { } value)
            {
                // A deserialized time is an object with properties. Its text has the value.
                object plain = value is PSObject { BaseObject: PSCustomObject } nested ? nested.ToString() : value;
                property.SetValue(job, LanguagePrimitives.ConvertTo(plain, property.PropertyType, CultureInfo.InvariantCulture));
            }
        }

        return job;
    }
}
