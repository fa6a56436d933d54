using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace QwenEdit.Commands.Completion;

/// <summary>Completes the names of secrets if Microsoft.PowerShell.SecretManagement is installed.</summary>
internal sealed class SecretNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        using PowerShell shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        shell.AddCommand("Get-SecretInfo")
            .AddParameter("Name", WildcardPattern.Escape(wordToComplete.Trim('\'', '"')) + "*")
            .AddParameter("ErrorAction", ActionPreference.Ignore);
        try
        {
            return [.. shell.Invoke()
                .Select(secret => (Name: $"{secret.Properties["Name"]?.Value}", Vault: $"{secret.Properties["VaultName"]?.Value}"))
                .Where(secret => secret.Name.Length > 0)
                .Select(secret => JournalCompleter.Result(secret.Name, $"{secret.Name} {secret.Vault}".Trim()))
                .OfType<CompletionResult>()];
        }
        catch (RuntimeException)
        {
            // The module is not installed, or a vault can't be opened.
            return [];
        }
    }
}
