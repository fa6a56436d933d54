using System.Text.RegularExpressions;

namespace QwenEdit.Commands.Parameters;

/// <summary>Checks the format of the API key before anything is sent. Malformed keys are rejected; most of them were copied together with other text.</summary>
internal static class ApiKeyFormat
{
    // SG_ and 16 hexadecimal characters. Segmind may introduce other formats.
    private static readonly Regex Known = new("^SG_[0-9A-Fa-f]{16}$");

    /// <summary>A row has a test and the message for a text that passes it. The first match counts.</summary>
    private static readonly (Func<string, bool> Fits, string Says)[] Mistakes =
    [
        (key => key.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase), "begins with 'Bearer': Segmind takes the bare key"),
        (key => Regex.IsMatch(key, "^[A-Za-z][A-Za-z_-]*[=:]"), "begins with a name, as a line of a file or a header does: give what comes after it"),
        (key => IsQuote(key[0]) || IsQuote(key[key.Length - 1]), "has quotes around it, which are no part of it"),
        (key => key == "System.Security.SecureString", "is the name of a type: a SecureString was turned into text. Give the SecureString itself"),
        (key => Regex.IsMatch(key, "^[$%<{]|[>}%]$"), "is a placeholder that was not replaced"),
        (key => key.Any(char.IsWhiteSpace), "has a space or a line break in the middle: it is cut in two, or there are two"),
        (key => key.Any(character => character is <= ' ' or > '~'), "has a character in it that no key has"),
        (key => key.Length < 8, "is too short"),
    ];

    /// <summary>Returns the key without the white space around it.</summary>
    /// <param name="key">The key as it was given.</param>
    /// <param name="isUnusual">Whether the key does not have the known format. It may be valid nevertheless.</param>
    /// <exception cref="QwenEditException"><see cref="EditError.ApiKeyRejected"/>: the key is malformed. The message has no part of it.</exception>
    internal static string Check(string key, out bool isUnusual)
    {
        string bare = key.Trim();
        isUnusual = !Known.IsMatch(bare);
        if (isUnusual && Mistakes.FirstOrDefault(mistake => mistake.Fits(bare)).Says is { } says)
        {
            throw new QwenEditException(EditError.ApiKeyRejected, $"The API key {says}. Nothing was sent.");
        }

        return bare;
    }

    private static bool IsQuote(char character) => character is '"' or '\'' or '`' or '“' or '”' or '‘' or '’';
}
