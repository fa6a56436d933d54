using System.Management.Automation;
using QwenEdit.Compatibility;

namespace QwenEdit.Commands.Parameters;

/// <summary>Refuses an address that .NET would refuse as a proxy, but only once the first request is to be sent.</summary>
internal sealed class ValidateProxyAttribute : ValidateArgumentsAttribute
{
    /// <inheritdoc/>
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is Uri uri && !(uri.IsAbsoluteUri && uri.Host.Length > 0 && HttpHandlers.IsProxyScheme(uri.Scheme)))
        {
            throw new ValidationMetadataException("The address of the proxy is no URL of a proxy. Write it with its scheme, such as http://proxy:8080.");
        }
    }
}
