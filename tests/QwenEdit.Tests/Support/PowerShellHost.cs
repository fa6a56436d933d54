using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using QuickStart.Hosting;

namespace QwenEdit.Tests.Support;

/// <summary>A fresh runspace of the real engine, with the module from <c>out/QwenEdit</c> unless asked otherwise.</summary>
public sealed class PowerShellHost : IDisposable
{
    private readonly StringWriter _screen = new();
    private readonly Runspace _runspace;

    private PowerShellHost(bool importModule)
    {
        ScriptHost host = new(new ScriptHostUI(_screen, _screen, width: 120) { Choose = Answer });
        UI = host.UI;
        _runspace = importModule ? ScriptRunspace.OpenWithModule(host) : ScriptRunspace.Open(host);
    }

    /// <summary>What the module and <c>-Confirm</c> asked, in order.</summary>
    public List<string> Questions { get; } = [];

    /// <summary>The answer to every question, as the label of a choice without its ampersand: Yes, Yes to All, No …</summary>
    public string AnswerWith { get; set; } = "Yes";

    /// <summary>What happens while a question stands.</summary>
    public Action BeforeAnswer { get; set; } = () => { };

    private ScriptHostUI UI { get; }

    /// <summary>Opens a runspace with the built module imported.</summary>
    public static PowerShellHost Open() => new(importModule: true);

    /// <summary>Opens a runspace without the module.</summary>
    public static PowerShellHost OpenBare() => new(importModule: false);

    /// <summary>Sets a variable of the session.</summary>
    public PowerShellHost Set(string name, object? value)
    {
        _runspace.SessionStateProxy.SetVariable(name, value);
        return this;
    }

    /// <summary>Runs a script to its end; a terminating error is in the run, not thrown.</summary>
    public ScriptRun Run(string script, params object?[] input)
    {
        using RunningScript running = Start(script, input);
        return running.Completion.GetAwaiter().GetResult();
    }

    /// <summary>Runs a script to its end, without holding the test's thread.</summary>
    public async Task<ScriptRun> RunAsync(string script, params object?[] input)
    {
        using RunningScript running = Start(script, input);
        return await running.Completion;
    }

    /// <summary>Starts a script, to be watched and stopped.</summary>
    /// <param name="script">The script; its <c>$input</c> is <paramref name="input"/>.</param>
    /// <param name="input">What is piped into the script.</param>
    public RunningScript Start(string script, params object?[] input)
    {
        PowerShell shell = PowerShell.Create(_runspace);
        shell.AddScript(script);
        return new RunningScript(shell, input, _screen);
    }

    /// <summary>The text that the objects have on a screen of the given width, by the module's views.</summary>
    public string Render(IEnumerable<object?> objects, int width = 120)
    {
        Size before = UI.RawUI.BufferSize;
        UI.RawUI.BufferSize = before with { Width = width };
        try
        {
            int start = _screen.GetStringBuilder().Length;
            using PowerShell shell = PowerShell.Create(_runspace);
            shell.AddCommand("Out-Default").Invoke(objects);
            return _screen.ToString()[start..];
        }
        finally
        {
            UI.RawUI.BufferSize = before;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _runspace.Dispose();

    private int Answer(string question, IReadOnlyList<ChoiceDescription> choices)
    {
        Questions.Add(question);
        BeforeAnswer();
        return choices.ToList().FindIndex(choice => choice.Label.Replace("&", "", StringComparison.Ordinal) == AnswerWith);
    }
}
