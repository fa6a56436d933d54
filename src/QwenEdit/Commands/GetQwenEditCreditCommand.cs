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
    /// <summary>Creates the cmdlet.</summary>
    public GetQwenEditCreditCommand()
        : base("Asking for the balance")
    {
    }

    /// <inheritdoc/>
    private protected override void ProcessInput()
    {
        EditSession session = Session;
        Start(session.GetCreditsAsync, Report, error => WriteError(error, null));
    }

    private void Report((decimal Credits, decimal? Free) balance) => WriteObject(new EditCredit
    {
        Credits = balance.Credits,
        FreeCredits = balance.Free,
        Endpoint = ServiceEndpoint.Root,
        CheckedAt = DateTimeOffset.UtcNow,
    });
}
