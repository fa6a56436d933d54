using System.Collections;
using System.Management.Automation;

namespace QwenEdit.Commands.Pipeline;

/// <summary>
/// Finds the records of the pipeline that PowerShell could not bind, such as one for which a script block argument throws. PowerShell writes an error
/// for such a record and never passes it to the cmdlet. Its entry in <c>$Error</c> is the only trace.
/// </summary>
/// <remarks>
/// <c>-ErrorAction Ignore</c> leaves no entry, so these records can't be found then. <c>$Error</c> keeps <c>$MaximumErrorCount</c> entries, and a script
/// block that throws adds two for each record.
/// </remarks>
/// <param name="cmdlet">The cmdlet that the records were for.</param>
internal sealed class UnboundRecords(PSCmdlet cmdlet)
{
    private object? _newest;
    private HashSet<ErrorRecord> _found = [];

    /// <summary>Returns the errors of the records that were refused since the last call, the oldest first.</summary>
    internal IReadOnlyList<ErrorRecord> TakeErrors()
    {
        if (cmdlet.SessionState.PSVariable.GetValue("global:Error") is not IList { Count: > 0 } errors || ReferenceEquals(errors[0], _newest))
        {
            return [];
        }

        _newest = errors[0];
        // A script may have removed entries, so the list is compared with what was found in it before.
        List<ErrorRecord> all = [.. errors.OfType<ErrorRecord>().Where(IsUnbound).Reverse()];
        List<ErrorRecord> added = [.. all.Where(error => !_found.Contains(error))];
        _found = [.. all];
        return added;
    }

    // The record's own InvocationInfo is a copy.
    private bool IsUnbound(ErrorRecord error) =>
        error.Exception is ParameterBindingException exception && ReferenceEquals(exception.CommandInvocation, cmdlet.MyInvocation);
}
