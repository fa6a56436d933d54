using System.Collections;
using System.Globalization;
using System.Reflection;

namespace QwenEdit.Help;

/// <summary>
/// The errors of the module and the exit codes of its runs, as Markdown. They are read from the module's <c>EditErrorCatalog</c> and
/// <c>ExitCodes</c>, and the meaning of an error from its documentation comment.
/// </summary>
internal sealed class ErrorReference(Assembly assembly, DocComments comments, MarkdownText prose)
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private readonly Type _errors = TypeOf(assembly, "QwenEdit.EditError");

    /// <summary>The parts of hand-written pages that are generated, by their names.</summary>
    internal IReadOnlyDictionary<string, string> Parts => new Dictionary<string, string>
    {
        ["errors"] = string.Join("\n\n", Rows("QwenEdit.EditErrorCatalog", "Groups").Select(Section)),
        ["exit codes"] = string.Join('\n', Rows("QwenEdit.Runs.ExitCodes", "Rows")
            .Select(row => $"| {Get(row, "Code")} | {prose.Write(new Paragraph((string)Get(row, "Meaning")!))} |")
            .Prepend("| Code | Meaning |\n|---|---|")),
    };

    private string Section(object group) => string.Join(
        "\n\n", ((IEnumerable)Get(group, "Errors")!).Cast<object>().Select(Entry).Prepend($"### {Get(group, "Heading")}"));

    private string Entry(object info)
    {
        string name = Get(info, "Error")!.ToString()!;
        FieldInfo member = _errors.GetField(name)!;
        string nextStep = (string)info.GetType().GetMethod("NextStepWith", Any)!
            .Invoke(info, ["Receive-QwenEditResult receives a job that was submitted, for an hour after its submission."])!;
        return $"#### {name}\n\n"
            + prose.Write([.. comments.Summary(member), .. comments.Remarks(member), new Paragraph(Facts(info)), new Paragraph($"To do: {nextStep}")]);
    }

    private static string Facts(object info)
    {
        string exitCode = Get(info, "ExitCode") is int code
            ? string.Create(CultureInfo.InvariantCulture, $"Exit code {code}.")
            : "The exit code is that of the cause.";
        string billing = Get(info, "Billing")!.ToString() switch
        {
            "NotBilled" => "Not billed.",
            "Billed" => "Billed.",
            "MayBeBilled" => "May be billed.",
            var other => throw new InvalidDataException($"The help has no form for the billing {other}."),
        };
        string stop = Get(info, "Stop") is not { } found ? string.Empty : Get(found, "Condition")!.ToString() switch
        {
            "AtOnce" => "Stops submitting.",
            "WhenRepeated" => "Stops submitting when it affects ten images in a row.",
            "WhenDiskIsFull" => "Stops submitting if the disk is full.",
            var other => throw new InvalidDataException($"The help has no form for the condition {other}."),
        };
        return $"{exitCode} {billing} {stop}";
    }

    private IEnumerable<object> Rows(string type, string property) => ((IEnumerable)TypeOf(assembly, type).GetProperty(property, Any)!.GetValue(null)!).Cast<object>();

    private static object? Get(object row, string property) => row.GetType().GetProperty(property, Any)!.GetValue(row);

    private static Type TypeOf(Assembly assembly, string name) => assembly.GetType(name, throwOnError: true)!;
}
