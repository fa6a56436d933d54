using System.Collections;
using System.Management.Automation;

namespace QwenEdit.Commands.Parameters;

/// <summary>
/// Accepts texts and the types that stand for a text, and nothing else. PowerShell would convert a CSV row, or the result of an earlier edit, to its
/// display text instead of binding its properties.
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
            // With this inner exception, PowerShell tries another parameter for the object.
            object other => throw new ArgumentTransformationMetadataException(
                $"{other.GetType()} can't be taken here.", new PSInvalidCastException()),
        };

    /// <summary>The text that a value stands for; <see langword="null"/> if there is none.</summary>
    private protected abstract string? TextOf(object value);
}

/// <summary>Accepts paths and URLs of images. Wildcards in the name of a file object are escaped.</summary>
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

/// <summary>Accepts request ids.</summary>
internal sealed class RequestIdAttribute : TextArgumentAttribute
{
    private protected override string? TextOf(object value) => value is Guid id ? id.ToString() : null;
}
