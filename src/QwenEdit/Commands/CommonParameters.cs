using System.Management.Automation;

namespace QwenEdit.Commands;

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

    private static bool? Switch(PSCmdlet cmdlet, string name) =>
        cmdlet.MyInvocation.BoundParameters.TryGetValue(name, out object? bound) ? LanguagePrimitives.IsTrue(bound) : null;
}
