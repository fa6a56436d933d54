using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Net;
using System.Security;
using QwenEdit.Diagnostics;

namespace QwenEdit.Commands.Parameters;

/// <summary>Finds the API key: the parameter, a secret of SecretManagement, or the environment variable <c>SEGMIND_API_KEY</c>.</summary>
internal static class ApiKeyResolver
{
    /// <exception cref="QwenEditException">
    /// <see cref="EditError.ApiKeyMissing"/>; <see cref="EditError.ApiKeyRejected"/>: the key is malformed.
    /// </exception>
    internal static string Find(PSCmdlet cmdlet, SecureString? apiKey, string? secretName, IEditLog log)
    {
        string? key = apiKey is not null ? Text(apiKey)
            : secretName is not null ? FromSecret(cmdlet, secretName)
            : Environment.GetEnvironmentVariable("SEGMIND_API_KEY");
        if (string.IsNullOrWhiteSpace(key))
        {
            throw new QwenEditException(EditError.ApiKeyMissing, "There is no API key.");
        }

        key = ApiKeyFormat.Check(key!, out bool isUnusual);
        if (isUnusual)
        {
            log.Warning("The API key does not look like one of Segmind's, SG_ and 16 hexadecimal characters. It is tried as it is.");
        }

        return key;
    }

    private static string? FromSecret(PSCmdlet cmdlet, string name)
    {
        if (cmdlet.InvokeCommand.GetCommand("Get-Secret", CommandTypes.Cmdlet | CommandTypes.Function) is null)
        {
            throw new QwenEditException(
                EditError.ApiKeyMissing, $"-ApiKeySecret {name} needs the module Microsoft.PowerShell.SecretManagement, which is not installed.")
            {
                NextStep = "Install it with Install-PSResource Microsoft.PowerShell.SecretManagement (PowerShell 7.4 or later) or"
                    + " Install-Module Microsoft.PowerShell.SecretManagement, or set the environment variable SEGMIND_API_KEY instead.",
            };
        }

        try
        {
            PSObject? secret = cmdlet.InvokeCommand
                .InvokeScript("param($Name) Get-Secret -Name $Name -ErrorAction Stop", true, PipelineResultTypes.None, null, name)
                .FirstOrDefault();
            return secret?.BaseObject switch
            {
                SecureString secure => Text(secure),
                string text => text,
                PSCredential credential => Text(credential.Password),
                _ => null,
            };
        }
        catch (RuntimeException exception)
        {
            // The message of an error with -ErrorAction Stop begins with the preference. The message of its record does not.
            throw new QwenEditException(
                EditError.ApiKeyMissing, $"The secret {name} can't be read: {exception.ErrorRecord.Exception.Message}", exception);
        }
    }

    private static string Text(SecureString secure) => new NetworkCredential(string.Empty, secure).Password;
}
