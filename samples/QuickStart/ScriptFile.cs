using System.Management.Automation.Language;

namespace QuickStart;

/// <summary>Calls a script as <c>pwsh -File</c> does.</summary>
internal static class ScriptFile
{
    /// <summary>The commands that call a script with arguments as they were typed: <c>-Name</c> is a parameter, all else a value.</summary>
    /// <remarks>
    /// The script's block is called, not its file: PowerShell keeps the <c>exit</c> of a called file from the host. A file that is
    /// no PowerShell has no block; called itself, it shows why.
    /// </remarks>
    public static string Call(string fullPath, IEnumerable<string> arguments)
    {
        Parser.ParseFile(fullPath, out _, out ParseError[] errors);
        return errors.Length > 0
            ? $"& {Quoted(fullPath)}; exit 1"
            : $"& $ExecutionContext.InvokeCommand.GetCommand({Quoted(fullPath)}, 'ExternalScript').ScriptBlock {string.Join(' ', arguments.Select(Argument))}";
    }

    private static string Argument(string argument)
    {
        if (argument.Length < 2 || argument[0] != '-' || !(char.IsLetter(argument[1]) || argument[1] == '_'))
        {
            return Quoted(argument);
        }

        int colon = argument.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? argument : $"{argument[..(colon + 1)]}{Value(argument[(colon + 1)..])}";
    }

    private static string Value(string value) => value.ToUpperInvariant() is "$TRUE" or "$FALSE" ? value : Quoted(value);

    private static string Quoted(string text) => $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";
}
