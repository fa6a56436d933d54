using System.Management.Automation;

namespace QwenEdit.Commands.Parameters;

/// <summary>Rejects a URL that is not the URL of a proxy. .NET would reject it at the first request.</summary>
internal sealed class ValidateProxyAttribute : ValidateArgumentsAttribute
{
    /// <inheritdoc/>
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is Uri uri && !(uri.IsAbsoluteUri && uri.Host.Length > 0 && HttpHandlers.IsProxyScheme(uri.Scheme)))
        {
            throw new ValidationMetadataException("This is not the URL of a proxy. Write it with its scheme, such as http://proxy:8080.");
        }
    }
}
