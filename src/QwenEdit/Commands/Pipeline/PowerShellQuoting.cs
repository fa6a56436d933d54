using System.Management.Automation.Language;

namespace QwenEdit.Commands.Pipeline;

/// <summary>Quotes values in command lines that a user may run: in messages and completions.</summary>
internal static class PowerShellQuoting
{
    /// <summary>Returns the value as an argument. It is in single quotes unless PowerShell reads it as a plain word.</summary>
    /// <returns>The argument; <see langword="null"/> if it can't be typed, because the value has control characters.</returns>
    internal static string? Argument(string value) =>
        !TerminalText.IsHarmless(value) ? null
        : IsWord(value) ? value
        : $"'{CodeGeneration.EscapeSingleQuotedStringContent(value)}'";

    // A word begins with a letter, because 1e5 and 0x10 are numbers and a dash begins the name of a parameter. A GUID, the usual request id, is a
    // word too.
    private static bool IsWord(string value) =>
        Guid.TryParseExact(value, "D", out _)
        || (value.Length > 0 && IsLetter(value[0]) && value.All(character => IsLetter(character) || character is (>= '0' and <= '9') or '-' or '.'));

    private static bool IsLetter(char character) => character is (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') or '_';
}
