using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace QuickStart.Hosting;

/// <summary>Writes what a script shows to two writers, and answers what it asks.</summary>
/// <param name="output">Takes objects as text, tables, and <c>Write-Host</c>.</param>
/// <param name="error">Takes warnings, verbose and debug lines.</param>
/// <param name="width">The width that tables are fitted to, in columns.</param>
public sealed class ScriptHostUI(TextWriter output, TextWriter error, int width) : PSHostUserInterface
{
    /// <summary>Whether the output understands ANSI escape sequences; without it, colours are left out.</summary>
    public bool Color { get; init; }

    /// <summary>Where progress is drawn; without it, it is not.</summary>
    public ProgressLine? ProgressLine { get; init; }

    /// <summary>Answers a question with the index of a choice; without it, nobody can be asked.</summary>
    public Func<string, IReadOnlyList<ChoiceDescription>, int>? Choose { get; init; }

    /// <inheritdoc/>
    public override ScriptHostRawUI RawUI { get; } = new(width);

    /// <inheritdoc/>
    public override bool SupportsVirtualTerminal => Color;

    /// <inheritdoc/>
    public override void Write(string value)
    {
        ProgressLine?.Hide();
        output.Write(GetOutputString(value, Color));
    }

    /// <inheritdoc/>
    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        Write(foregroundColor == RawUI.ForegroundColor
            ? value
            : PSStyle.MapForegroundColorToEscapeSequence(foregroundColor) + value + PSStyle.Instance.Reset);

    /// <inheritdoc/>
    public override void WriteLine(string value) => Write(value + Environment.NewLine);

    /// <inheritdoc/>
    public override void WriteErrorLine(string value) => WriteStyled("", value);

    /// <inheritdoc/>
    public override void WriteWarningLine(string message) =>
        WriteStyled(PSStyle.Instance.Formatting.Warning, $"WARNING: {message}");

    /// <inheritdoc/>
    public override void WriteVerboseLine(string message) =>
        WriteStyled(PSStyle.Instance.Formatting.Verbose, $"VERBOSE: {message}");

    /// <inheritdoc/>
    public override void WriteDebugLine(string message) => WriteStyled(PSStyle.Instance.Formatting.Debug, $"DEBUG: {message}");

    /// <inheritdoc/>
    public override void WriteProgress(long sourceId, ProgressRecord record) => ProgressLine?.Show(record);

    /// <inheritdoc/>
    public override int PromptForChoice(
        string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) =>
        Choose?.Invoke($"{caption} {message}".Trim(), choices) ?? throw NobodyThere();

    /// <inheritdoc/>
    public override Dictionary<string, PSObject> Prompt(
        string caption, string message, Collection<FieldDescription> descriptions) => throw NobodyThere();

    /// <inheritdoc/>
    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        throw NobodyThere();

    /// <inheritdoc/>
    public override PSCredential PromptForCredential(
        string caption,
        string message,
        string userName,
        string targetName,
        PSCredentialTypes allowedCredentialTypes,
        PSCredentialUIOptions options) => throw NobodyThere();

    /// <inheritdoc/>
    public override string ReadLine() => throw NobodyThere();

    /// <inheritdoc/>
    public override SecureString ReadLineAsSecureString() => throw NobodyThere();

    private void WriteStyled(string style, string line)
    {
        ProgressLine?.Hide();
        error.WriteLine(GetOutputString(style + line + PSStyle.Instance.Reset, Color));
    }

    private static PSInvalidOperationException NobodyThere() => new("This host can't ask for input: give every parameter.");
}
