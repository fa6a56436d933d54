using System.Management.Automation;

namespace QwenEdit.Commands.Parameters;

/// <summary>What a call's common parameters say, or else the session's preferences.</summary>
internal static class CommonParameters
{
    /// <summary>Whether it only tells what it would do.</summary>
    internal static bool IsWhatIf(this PSCmdlet cmdlet) =>
        Switch(cmdlet, "WhatIf") ?? LanguagePrimitives.IsTrue(cmdlet.SessionState.PSVariable.GetValue("WhatIfPreference"));

    /// <summary>Whether debug messages are read by anybody.</summary>
    internal static bool IsDebug(this PSCmdlet cmdlet) => Switch(cmdlet, "Debug")
        ?? (LanguagePrimitives.TryConvertTo(cmdlet.SessionState.PSVariable.GetValue("DebugPreference"), out ActionPreference preference)
            && preference is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore));

    /// <summary>Whether the user wants no questions: <c>-Confirm:$false</c>.</summary>
    internal static bool IsUnasked(this PSCmdlet cmdlet) => Switch(cmdlet, "Confirm") == false;

    /// <summary>
    /// Writes a verbose message; as a debug message with <c>-Debug</c> alone, where PowerShell would ask at each verbose message whether to go on,
    /// and throw where nobody can be asked.
    /// </summary>
    internal static void WriteVerboseWithoutPrompt(this PSCmdlet cmdlet, string message)
    {
        if (DebugDecides(cmdlet, "Verbose"))
        {
            cmdlet.WriteDebugWithoutPrompt(message);
        }
        else
        {
            cmdlet.WriteVerbose(message);
        }
    }

    /// <summary>Writes a warning; as a debug message where PowerShell would ask, as <see cref="WriteVerboseWithoutPrompt"/> does.</summary>
    internal static void WriteWarningWithoutPrompt(this PSCmdlet cmdlet, string message)
    {
        if (DebugDecides(cmdlet, "WarningAction"))
        {
            cmdlet.WriteDebugWithoutPrompt($"WARNING: {message}");
        }
        else
        {
            cmdlet.WriteWarning(message);
        }
    }

    /// <summary>
    /// Writes a debug message; to the host where PowerShell would ask after it whether to continue: with <c>-Debug</c> in Windows PowerShell, and where
    /// <c>$DebugPreference</c> is <c>Inquire</c>. A run that has paid for edits must not wait or end there.
    /// </summary>
    internal static void WriteDebugWithoutPrompt(this PSCmdlet cmdlet, string message)
    {
        if (AsksAfterDebug(cmdlet))
        {
            cmdlet.Host.UI.WriteDebugLine(message);
        }
        else
        {
            cmdlet.WriteDebug(message);
        }
    }

    private static bool AsksAfterDebug(PSCmdlet cmdlet) => Switch(cmdlet, "Debug") is { } debug
        ? debug && Environment.Version.Major == 4
        : LanguagePrimitives.TryConvertTo(cmdlet.SessionState.PSVariable.GetValue("DebugPreference"), out ActionPreference preference)
            && preference == ActionPreference.Inquire;

    // -Debug sets the preference of verbose messages and warnings to Inquire, unless the call has their own parameter.
    private static bool DebugDecides(PSCmdlet cmdlet, string parameter) =>
        Switch(cmdlet, "Debug") == true && !cmdlet.MyInvocation.BoundParameters.ContainsKey(parameter);

    private static bool? Switch(PSCmdlet cmdlet, string name) =>
        cmdlet.MyInvocation.BoundParameters.TryGetValue(name, out object? bound) ? LanguagePrimitives.IsTrue(bound) : null;
}
