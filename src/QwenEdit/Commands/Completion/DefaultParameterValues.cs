using System.Collections;
using System.Management.Automation;

namespace QwenEdit.Commands.Completion;

/// <summary>
/// Looks up the default value of a parameter in <c>$PSDefaultParameterValues</c>, which PowerShell does not pass to completers. The rules are those
/// of about_Parameters_Default_Values.
/// </summary>
internal static class DefaultParameterValues
{
    private const string Separator = ":";

    /// <summary>Returns the value; <see langword="null"/> if there is none, or if several keys match and their values differ.</summary>
    /// <param name="defaults">The value of the variable.</param>
    /// <param name="command">The name of the command.</param>
    /// <param name="parameter">The name of the parameter.</param>
    /// <param name="parameters">Returns the names of all parameters of the command. It is called only for a key with a pattern.</param>
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

        // A pattern that matches more than one parameter is ignored.
        bool IsParameter(string name) =>
            Is(name, parameter) && (!WildcardPattern.ContainsWildcardCharacters(name) || parameters().Count(each => Is(name, each)) == 1);
    }

    private static string Part(string text) => text.Trim().Trim('\'', '"');

    private static bool Is(string pattern, string name) => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(name);
}
