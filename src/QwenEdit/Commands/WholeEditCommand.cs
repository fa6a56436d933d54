using System.Management.Automation;

namespace QwenEdit.Commands;

/// <summary>The parameters of an edit that is seen to its end in one call.</summary>
public abstract class WholeEditCommand : EditCommand
{
    private protected WholeEditCommand(string activity)
        : base(activity)
    {
    }

    /// <summary>
    /// How an edit is sent: Async submits a job and asks for it (the service's v2); Sync has the image in the answer to one request (v1), which is
    /// for quick single edits.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The service calls v1 good for jobs under a minute, and keeps it in maintenance. Its answer may take as long as <see
    /// cref="SessionCommand.TimeoutSec"/> says.
    /// </para>
    /// <para>
    /// Should the connection break, or the process end, while the answer is waited for, the edit is Unknown: it may have been billed, and is not
    /// sent again by itself. From the answer's first bytes on its request id is known, and the image is received by it.
    /// </para>
    /// <para>An edit is the same by either way: what one has done, the other does not do again.</para>
    /// </remarks>
    [Parameter]
    public EditTransport Transport { get; set; } = EditTransport.Async;

    /// <inheritdoc/>
    private protected sealed override EditTransport TransportBy => Transport;
}
