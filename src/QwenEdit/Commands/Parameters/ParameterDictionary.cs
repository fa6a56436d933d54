using System.Collections;
using System.Management.Automation;

namespace QwenEdit.Commands.Parameters;

/// <summary>Unwraps the PSObjects in a dictionary that is serialized as JSON.</summary>
internal static class ParameterDictionary
{
    internal static IReadOnlyDictionary<string, object?> Of(IDictionary fields)
    {
        Dictionary<string, object?> plain = new(StringComparer.Ordinal);
        foreach (DictionaryEntry field in fields)
        {
            plain[field.Key.ToString()!] = Of(field.Value);
        }

        return plain;
    }

    private static object? Of(object? value) => value switch
    {
        PSObject { BaseObject: PSCustomObject } custom => custom.Properties.ToDictionary(property => property.Name, property => Of(property.Value)),
        PSObject wrapped => Of(wrapped.BaseObject),
        string => value,
        IDictionary dictionary => Of(dictionary),
        IEnumerable items => items.Cast<object?>().Select(Of).ToList(),
        _ => value,
    };
}
