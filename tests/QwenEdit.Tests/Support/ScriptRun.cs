using System.Management.Automation;

namespace QwenEdit.Tests.Support;

/// <summary>All that a script wrote.</summary>
public sealed record ScriptRun
{
    public required IReadOnlyList<PSObject> Output { get; init; }

    /// <summary>The errors that did not end the script.</summary>
    public required IReadOnlyList<ErrorRecord> Errors { get; init; }

    /// <summary>The error that ended the script, or null.</summary>
    public required ErrorRecord? TerminatingError { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }

    public required IReadOnlyList<string> Verbose { get; init; }

    public required IReadOnlyList<string> Debug { get; init; }

    public required IReadOnlyList<ProgressRecord> Progress { get; init; }

    /// <summary>Whether the script was stopped from outside.</summary>
    public required bool Stopped { get; init; }

    /// <summary>The values of a property of the output.</summary>
    public IReadOnlyList<object?> Values(string property) => [.. Output.Select(item => item.Properties[property]?.Value)];

    /// <summary>A property of one of the output's objects, as text.</summary>
    public string? Text(int index, string property) => Output[index].Properties[property]?.Value?.ToString();

    /// <summary>Fails with the script's own words where it had errors.</summary>
    public ScriptRun WithoutErrors()
    {
        IEnumerable<ErrorRecord> all = Errors.Append(TerminatingError).OfType<ErrorRecord>();
        Assert.Empty(all.Select(record => $"{record.FullyQualifiedErrorId}: {record}"));
        return this;
    }
}
