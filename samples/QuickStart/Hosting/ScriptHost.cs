using System.Globalization;
using System.Management.Automation.Host;

namespace QuickStart.Hosting;

/// <summary>What PowerShell talks to in place of its console.</summary>
public sealed class ScriptHost(ScriptHostUI ui) : PSHost
{
    /// <summary>The code of the script's <c>exit</c>, or null where it did not exit.</summary>
    public int? ExitCode { get; private set; }

    /// <inheritdoc/>
    public override string Name => "QwenEdit sample host";

    /// <inheritdoc/>
    public override Version Version { get; } = typeof(ScriptHost).Assembly.GetName().Version!;

    /// <inheritdoc/>
    public override Guid InstanceId { get; } = Guid.NewGuid();

    /// <inheritdoc/>
    public override ScriptHostUI UI { get; } = ui;

    /// <inheritdoc/>
    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    /// <inheritdoc/>
    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    /// <inheritdoc/>
    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;

    /// <inheritdoc/>
    public override void EnterNestedPrompt() => throw new NotSupportedException("This host has no prompt to nest.");

    /// <inheritdoc/>
    public override void ExitNestedPrompt() => throw new NotSupportedException("This host has no prompt to nest.");

    /// <inheritdoc/>
    public override void NotifyBeginApplication()
    {
    }

    /// <inheritdoc/>
    public override void NotifyEndApplication()
    {
    }
}
