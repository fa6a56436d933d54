using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Reflection;

namespace QuickStart.Hosting.Cmdlets;

/// <summary>
/// <c>Select-Object -First</c>, <c>-Property</c> and <c>-ExpandProperty</c>. As the real one, it stops the commands before
/// it once it has seen enough.
/// </summary>
[Cmdlet(VerbsCommon.Select, "Object")]
public sealed class SelectObjectCommand : PSCmdlet
{
    // The engine knows this exception by its type, and keeps the type to itself.
    private static readonly ConstructorInfo StopUpstreamCommands = typeof(PSCmdlet).Assembly
        .GetType("System.Management.Automation.StopUpstreamCommandsException", throwOnError: true)!
        .GetConstructor([typeof(InternalCommand)])!;

    private int _seen;

    /// <summary>What to select from.</summary>
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>How many objects to pass on.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int First { get; set; } = int.MaxValue;

    /// <summary>The properties of which to make a new object.</summary>
    [Parameter(Position = 0)]
    public string[]? Property { get; set; }

    /// <summary>The property whose value to pass on.</summary>
    [Parameter]
    public string? ExpandProperty { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (InputObject is null)
        {
            return;
        }

        WriteObject(Project(InputObject), enumerateCollection: ExpandProperty is not null);
        if (++_seen == First)
        {
            throw (Exception)StopUpstreamCommands.Invoke([this]);
        }
    }

    private object? Project(PSObject input)
    {
        if (ExpandProperty is not null)
        {
            return input.Properties[ExpandProperty]?.Value;
        }

        if (Property is null)
        {
            return input;
        }

        PSObject projected = new();
        foreach (string name in Property)
        {
            projected.Properties.Add(new PSNoteProperty(name, input.Properties[name]?.Value));
        }

        return projected;
    }
}
