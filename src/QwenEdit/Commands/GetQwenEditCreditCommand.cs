using System.Management.Automation;
using QwenEdit.Commands.Base;
using QwenEdit.Commands.Pipeline;
using QwenEdit.Editing;

namespace QwenEdit.Commands;

/// <summary>Shows the balance of the account.</summary>
/// <remarks>The balance is in credits, which are US dollars. The request costs nothing. It is also the quickest way to test the key.</remarks>
/// <example>
/// <para>Show the balance</para>
/// <code>
/// Get-QwenEditCredit
/// </code>
/// </example>
/// <example>
/// <para>Test whether the balance is sufficient</para>
/// <code>
/// (Get-QwenEditCredit).Credits -ge 5
/// </code>
/// </example>
/// <example>
/// <para>A line for a report</para>
/// <code>
/// '{0:0.00} dollars are left.' -f (Get-QwenEditCredit).Credits
/// </code>
/// </example>
/// <example>
/// <para>Spend at most half of the balance</para>
/// <code>
/// $half = (Get-QwenEditCredit).Credits / 2
/// Get-ChildItem *.png |
///     Invoke-QwenImageEdit -Prompt 'Let it snow' -MaxCost $half
/// </code>
/// </example>
/// <seealso cref="MeasureQwenImageEditCommand"/>
/// <seealso cref="InvokeQwenImageEditCommand"/>
/// <seealso cref="GetQwenEditRunCommand"/>
[Cmdlet(VerbsCommon.Get, "QwenEditCredit", HelpUri = HelpLink.Online)]
[OutputType(typeof(EditCredit))]
public sealed class GetQwenEditCreditCommand : ConnectionCommand
{
    private EditSession? _session;

    /// <summary>Makes the cmdlet.</summary>
    public GetQwenEditCreditCommand()
        : base("Asking for the balance")
    {
    }

    /// <inheritdoc/>
    private protected override void ProcessInput()
    {
        Try(() => _session = new EditSession(Connect(), Settings(), TimeProvider.System, Log));
        Start(AskAsync, Report);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            _session?.Dispose();
        }
    }

    private async Task<(EditCredit? Credit, QwenEditException? Error)> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            (decimal credits, decimal? free) = await _session!.GetCreditsAsync(cancellationToken).ConfigureAwait(false);
            return (new EditCredit { Credits = credits, FreeCredits = free, Endpoint = ServiceEndpoint.Root, CheckedAt = DateTimeOffset.UtcNow }, null);
        }
        catch (QwenEditException exception)
        {
            return (null, exception);
        }
    }

    private void Report((EditCredit? Credit, QwenEditException? Error) answer)
    {
        if (answer.Error is not null)
        {
            WriteError(ErrorRecords.From(answer.Error, null));
        }
        else
        {
            WriteObject(answer.Credit);
        }
    }
}
