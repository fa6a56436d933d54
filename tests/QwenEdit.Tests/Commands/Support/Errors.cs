using System.Management.Automation;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands.Support;

/// <summary>Assertions about error records.</summary>
internal static class Errors
{
    /// <summary>The only error of a run, which must not have ended the script, by its full id.</summary>
    internal static ErrorRecord SingleError(this ScriptRun run, EditError error, string command = "InvokeQwenImageEdit")
    {
        Assert.Null(run.TerminatingError);
        ErrorRecord record = Assert.Single(run.Errors);
        Assert.Equal(Id(error, command), record.FullyQualifiedErrorId);
        return record;
    }

    /// <summary>The error that ended the script, by its full id.</summary>
    internal static ErrorRecord EndingError(this ScriptRun run, EditError error, string command = "InvokeQwenImageEdit")
    {
        Assert.Equal(Id(error, command), run.TerminatingError?.FullyQualifiedErrorId);
        return run.TerminatingError!;
    }

    /// <summary>The ids of the errors without the command's name, in order.</summary>
    internal static IEnumerable<string> ErrorNames(this ScriptRun run) =>
        run.Errors.Select(record => record.FullyQualifiedErrorId.Split(',')[0]);

    /// <summary>The full id of an error of a command.</summary>
    internal static string Id(EditError error, string command) => $"{error},QwenEdit.Commands.{command}Command";
}
