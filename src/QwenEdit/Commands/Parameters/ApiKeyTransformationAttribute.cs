using System.Management.Automation;
using System.Security;

namespace QwenEdit.Commands.Parameters;

/// <summary>Converts a key in plain text to a <see cref="SecureString"/>.</summary>
internal sealed class ApiKeyTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value is string text ? Secure(text) : value;
    }

    private static SecureString Secure(string text)
    {
        var key = new SecureString();
        foreach (char character in text)
        {
            key.AppendChar(character);
        }

        key.MakeReadOnly();
        return key;
    }
}
