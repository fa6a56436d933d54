using System.Management.Automation.Language;

namespace QwenEdit.Commands.Pipeline;

/// <summary>Writes values into command lines that a user may run: hints in messages, and what Tab offers.</summary>
internal static class PowerShellQuoting
{
    /// <summary>An argument for a parameter: the value as it is where PowerShell reads it as that, otherwise in single quotes, in which nothing is run.</summary>
    /// <returns>The argument; <see langword="null"/> where it can't be typed, as the value has control characters.</returns>
    internal static string? Argument(string value) =>
        !TerminalText.IsHarmless(value) ? null
        : IsWord(value) ? value
        : $"'{CodeGeneration.EscapeSingleQuotedStringContent(value)}'";

    // A letter first, as 1e5 and 0x10 are numbers, and a dash begins a parameter's name; but for the service's ids as they usually are.
    private static bool IsWord(string value) =>
        Guid.TryParseExact(value, "D", out _)
        || (value.Length > 0 && IsLetter(value[0]) && value.All(character => IsLetter(character) || character is (>= '0' and <= '9') or '-' or '.'));

    private static bool IsLetter(char character) => character is (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') or '_';
}
