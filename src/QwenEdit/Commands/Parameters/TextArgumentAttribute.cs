using System.Collections;
using System.Management.Automation;

namespace QwenEdit.Commands.Parameters;

/// <summary>
/// Takes texts, and what stands for one; nothing else. PowerShell would take a CSV row, or the result of an earlier edit, for the text that
/// it prints as, instead of looking at its properties.
/// </summary>
internal abstract class TextArgumentAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public sealed override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            null => null,
            string text => text,
            object value when TextOf(value) is { } text => text,
            IEnumerable several and not IDictionary => several.Cast<object?>().Select(one => Transform(engineIntrinsics, one)).ToArray(),
            // The inner exception has PowerShell look for another way to bind the object.
            object other => throw new ArgumentTransformationMetadataException(
                $"{other.GetType()} can't be taken here.", new PSInvalidCastException()),
        };

    /// <summary>The text that a value stands for, if it does for one.</summary>
    private protected abstract string? TextOf(object value);
}

/// <summary>Paths and addresses of images. A file is itself, whatever wildcards its name may hold.</summary>
internal sealed class ImagePathAttribute : TextArgumentAttribute
{
    private protected override string? TextOf(object value) => value switch
    {
        FileSystemInfo file => WildcardPattern.Escape(file.FullName),
        PathInfo path => WildcardPattern.Escape(path.Path),
        Uri address => address.OriginalString,
        _ => null,
    };
}

/// <summary>The service's ids of jobs.</summary>
internal sealed class RequestIdAttribute : TextArgumentAttribute
{
    private protected override string? TextOf(object value) => value is Guid id ? id.ToString() : null;
}
