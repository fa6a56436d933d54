using System.Management.Automation;

namespace QwenEdit.Commands.Base;

/// <summary>The parameters of an edit that is seen to its end in one call.</summary>
public abstract class EditRunCommand : EditCommand
{
    private protected EditRunCommand(string activity)
        : base(activity)
    {
    }

    /// <summary>
    /// How an edit is sent. Async submits a job and asks for its status (v2 of the service). Sync gets the image in the response to a single request
    /// (v1), for single edits that should be quick.
    /// </summary>
    /// <remarks>
    /// <para>
    /// According to the service, v1 is suitable for jobs of less than a minute, and is in maintenance mode. Its response may take as long as <see
    /// cref="SessionCommand.TimeoutSec"/> allows.
    /// </para>
    /// <para>
    /// If the connection breaks or the process ends before the response begins, the edit is Unknown: it may have been billed, and it is not sent
    /// again automatically. As soon as the response begins, the request id is known, and the image is received by it.
    /// </para>
    /// <para>The transport is not part of an edit's identity: what one transport has done, the other does not do again.</para>
    /// </remarks>
    [Parameter]
    public EditTransport Transport { get; set; } = EditTransport.Async;

    /// <inheritdoc/>
    private protected sealed override EditTransport TransportBy => Transport;
}
