using System.Management.Automation;

namespace QwenEdit.Commands.Parameters;

/// <summary>The common parameters of a call. Without a parameter, the preference variable of the session counts.</summary>
internal static class CommonParameters
{
    /// <summary>Whether the call only shows what it would do.</summary>
    internal static bool IsWhatIf(this PSCmdlet cmdlet) =>
        Switch(cmdlet, "WhatIf") ?? LanguagePrimitives.IsTrue(cmdlet.SessionState.PSVariable.GetValue("WhatIfPreference"));

    /// <summary>Whether debug messages are shown.</summary>
    internal static bool IsDebug(this PSCmdlet cmdlet) => Switch(cmdlet, "Debug")
        ?? (LanguagePrimitives.TryConvertTo(cmdlet.SessionState.PSVariable.GetValue("DebugPreference"), out ActionPreference preference)
            && preference is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore));

    /// <summary>Whether the user wants no prompts: <c>-Confirm:$false</c>.</summary>
    internal static bool IsUnasked(this PSCmdlet cmdlet) => Switch(cmdlet, "Confirm") == false;

    /// <summary>
    /// Writes a verbose message. With <c>-Debug</c> and without <c>-Verbose</c>, it is a debug message: PowerShell would ask after each verbose
    /// message whether to continue, and throw if nobody can be asked.
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

    /// <summary>Writes a warning. It is a debug message if PowerShell would ask, as in <see cref="WriteVerboseWithoutPrompt"/>.</summary>
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
    /// Writes a debug message. If PowerShell would ask after it whether to continue, the message goes to the host directly: with <c>-Debug</c> in
    /// Windows PowerShell, and if <c>$DebugPreference</c> is <c>Inquire</c>. A run that has paid for edits must not wait or end at a debug message.
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
