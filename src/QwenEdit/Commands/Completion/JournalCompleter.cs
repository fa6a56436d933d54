using System.Collections;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using QwenEdit.Commands.Pipeline;
using QwenEdit.Editing;
using QwenEdit.Journal;

namespace QwenEdit.Commands.Completion;

/// <summary>Completes a parameter from the journal, without the network. A journal that does not exist counts as empty, and is not created.</summary>
internal abstract class JournalCompleter : IArgumentCompleter
{
    /// <summary>The maximum number of values.</summary>
    private protected const int Most = 50;

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            using OfflineJournal journal = new(JournalPath(commandName, fakeBoundParameters), TimeProvider.System);
            return [.. Complete(journal, wordToComplete.Trim('\'', '"')).OfType<CompletionResult>()];
        }
        catch (Exception exception) when (exception is QwenEditException or IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException or RuntimeException)
        {
            // Completion shows no errors. The command itself writes them.
            return [];
        }
    }

    /// <summary>Returns a completion, in quotes if necessary; <see langword="null"/> if the text can't be typed.</summary>
    internal static CompletionResult? Result(string text, string tip) => PowerShellQuoting.Argument(text) is { } argument
        ? new(argument, text, CompletionResultType.ParameterValue, TerminalText.Escape(tip))
        : null;

    /// <summary>Returns a completion for a number.</summary>
    private protected static CompletionResult Number(long number, string tip)
    {
        string text = number.ToString(CultureInfo.InvariantCulture);
        return new(text, text, CompletionResultType.ParameterValue, TerminalText.Escape(tip));
    }

    /// <summary>Returns the values that begin with a word, the newest first.</summary>
    private protected abstract IEnumerable<CompletionResult?> Complete(OfflineJournal journal, string word);

    private protected static string Tip(EditJob job) => job.SubmittedAt is { } submitted
        ? string.Format(CultureInfo.CurrentCulture, "{0}, {1}, {2:g}", job.Status, job.Source, submitted.LocalDateTime)
        : $"{job.Status}, {job.Source}";

    // The path that the command would use. SessionState is not available during completion.
    private static string JournalPath(string command, IDictionary bound)
    {
        using PowerShell shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        if ((bound["JournalPath"] ?? DefaultJournalPath(shell, command)) is not string { Length: > 0 } path)
        {
            return Environment.GetEnvironmentVariable("QWENEDIT_JOURNAL") is { Length: > 0 } named ? Path.GetFullPath(named) : JournalLocation.Default;
        }

        return Path.IsPathRooted(path) ? path : Path.GetFullPath(Path.Combine(Ask<string>(shell, "$PWD.ProviderPath")[0], path));
    }

    private static string? DefaultJournalPath(PowerShell shell, string command) =>
        Ask<IDictionary>(shell, "$ExecutionContext.SessionState.PSVariable.GetValue('PSDefaultParameterValues')") is [{ Count: > 0 } defaults]
            && DefaultParameterValues.Find(
                defaults,
                command,
                "JournalPath",
                () => Ask<string>(shell, "param($name) $ExecutionContext.InvokeCommand.GetCommand($name, 'Cmdlet').Parameters.Keys", command)) is { } value
                ? LanguagePrimitives.ConvertTo<string>(value)
                : null;

    private static Collection<T> Ask<T>(PowerShell shell, string script, params string[] arguments)
    {
        shell.Commands.Clear();
        shell.AddScript(script);
        foreach (string argument in arguments)
        {
            shell.AddArgument(argument);
        }

        return shell.Invoke<T>();
    }
}

/// <summary>Completes request ids.</summary>
internal sealed class RequestIdCompleter : JournalCompleter
{
    private protected override IEnumerable<CompletionResult?> Complete(OfflineJournal journal, string word) =>
        journal.LatestJobs(word, Most).Select(job => Result(job.RequestId, Tip(job)));
}

/// <summary>Completes the numbers of edits in the journal.</summary>
internal sealed class EditIdCompleter : JournalCompleter
{
    private protected override IEnumerable<CompletionResult?> Complete(OfflineJournal journal, string word) =>
        journal.LatestEdits(word, Most).Select(job => Number(job.EditId, Tip(job)));
}

/// <summary>Completes the numbers of runs in the journal.</summary>
internal sealed class RunIdCompleter : JournalCompleter
{
    private protected override IEnumerable<CompletionResult?> Complete(OfflineJournal journal, string word) => journal.LastRuns(Most)
        .Reverse()
        .Where(run => run.RunId.ToString(CultureInfo.InvariantCulture).StartsWith(word, StringComparison.Ordinal))
        .Select(run => Number(
            run.RunId, string.Format(CultureInfo.CurrentCulture, "{0}, {1:g}, {2} images", run.Command, run.StartedAt.LocalDateTime, run.Total)));
}

/// <summary>Completes the default model and the models in the journal.</summary>
internal sealed class ModelCompleter : JournalCompleter
{
    private protected override IEnumerable<CompletionResult?> Complete(OfflineJournal journal, string word) => new[] { EditRequest.DefaultModel }
        .Concat(journal.Models())
        .Distinct(StringComparer.Ordinal)
        .Where(model => model.StartsWith(word, StringComparison.OrdinalIgnoreCase))
        .Select(model => Result(model, model));
}
