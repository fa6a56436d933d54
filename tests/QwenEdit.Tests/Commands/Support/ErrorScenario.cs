using System.Management.Automation;
using QwenEdit.Editing;
using QwenEdit.Emulator;
using QwenEdit.Emulator.Faults;

namespace QwenEdit.Tests.Commands.Support;

/// <summary>How an error comes about, and how its record looks.</summary>
/// <param name="Category">The record's category.</param>
/// <param name="Script">What a user runs, in a folder with <c>poster.png</c>.</param>
public sealed record ErrorScenario(ErrorCategory Category, string Script)
{
    /// <summary>The image or the job that the message names.</summary>
    public string Names { get; init; } = "poster.png";

    /// <summary>The next step, as far as the message says one.</summary>
    public string NextStep { get; init; } = "";

    /// <summary>The command whose id the record has.</summary>
    public string Command { get; init; } = "InvokeQwenImageEdit";

    /// <summary>Whether the error ends the call.</summary>
    public bool Ends { get; init; }

    /// <summary>What the service does.</summary>
    public Fault[] Faults { get; init; } = [];

    /// <summary>What happens before the script runs.</summary>
    public Action<ImageFolder> Before { get; init; } = _ => { };

    /// <summary>What happens while it runs.</summary>
    public Func<SegmindEmulator, ImageFolder, Task> Meanwhile { get; init; } = (_, _) => Task.CompletedTask;
}
