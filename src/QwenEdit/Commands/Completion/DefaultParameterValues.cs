using System.Collections;
using System.Management.Automation;

namespace QwenEdit.Commands.Completion;

/// <summary>
/// What <c>$PSDefaultParameterValues</c> has for a parameter, which a completer is not told. By PowerShell's own rules, as
/// about_Parameters_Default_Values has them and its binder keeps them.
/// </summary>
internal static class DefaultParameterValues
{
    private const string Separator = ":";

    /// <summary>Looks a value up; <see langword="null"/> where there is none, or where several keys that fit differ.</summary>
    /// <param name="defaults">The variable's value.</param>
    /// <param name="command">The command's name.</param>
    /// <param name="parameter">The parameter's name.</param>
    /// <param name="parameters">The names of all of the command's parameters; asked for where a key has a pattern for them.</param>
    internal static object? Find(IDictionary defaults, string command, string parameter, Func<IEnumerable<string>> parameters)
    {
        if (LanguagePrimitives.IsTrue(defaults["Disabled"]))
        {
            return null;
        }

        object?[] values = [.. defaults.Keys.OfType<string>().Where(key => Fits(key)).Select(key => defaults[key]).Distinct().Take(2)];
        object? value = values.Length == 1 ? values[0] : null;
        return value is ScriptBlock script ? script.InvokeReturnAsIs() : value;

        bool Fits(string key)
        {
            int colon = key.IndexOf(Separator, StringComparison.Ordinal);
            return colon > 0 && Is(Part(key.Substring(0, colon)), command) && IsParameter(Part(key.Substring(colon + 1)));
        }

        // A pattern that more than one parameter fits is for none.
        bool IsParameter(string name) =>
            Is(name, parameter) && (!WildcardPattern.ContainsWildcardCharacters(name) || parameters().Count(each => Is(name, each)) == 1);
    }

    private static string Part(string text) => text.Trim().Trim('\'', '"');

    private static bool Is(string pattern, string name) => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(name);
}
