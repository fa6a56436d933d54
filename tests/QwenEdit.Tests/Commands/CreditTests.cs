using System.Management.Automation;
using QwenEdit.Emulator;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>The account's balance.</summary>
public sealed class CreditTests : CommandTest
{
    [Fact]
    public async Task The_balance_is_what_is_left_after_an_edit()
    {
        Folder.Image("a.png");

        ScriptRun run = (await RunAsync("Get-QwenEditCredit; Invoke-QwenImageEdit a.png 'Make it red' | Out-Null; Get-QwenEditCredit")).WithoutErrors();

        Assert.Equal([100m, 99.9875m], run.Values("Credits"));
        PSObject credit = run.Output[0];
        Assert.Equal("QwenEdit.EditCredit", credit.TypeNames[0]);
        Assert.Equal((0m, Emulator.Endpoint), ((decimal)credit.Properties["FreeCredits"].Value, (Uri)credit.Properties["Endpoint"].Value));
    }

    [Fact]
    public async Task A_passing_fault_is_tried_again()
    {
        Emulator.Faults.Add(new Fault { Kind = FaultKind.Answer, Route = ApiRoute.Credits, Status = 503, Next = 1 });

        Assert.Single((await RunAsync("Get-QwenEditCredit")).WithoutErrors().Output);
    }

    [Fact]
    public async Task An_answer_without_credits_is_an_error()
    {
        Emulator.Faults.Add(new Fault { Kind = FaultKind.Answer, Route = ApiRoute.Credits, Status = 200, Body = """{"balance": 3}""" });

        ScriptRun run = await RunAsync("Get-QwenEditCredit");

        Assert.Empty(run.Output);
        Assert.StartsWith("UnexpectedAnswer,", Assert.Single(run.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_no_run()
    {
        ScriptRun run = (await RunAsync("$null = Get-QwenEditCredit; @(Get-QwenEditRun).Count")).WithoutErrors();

        Assert.Equal(0, Assert.Single(run.Output).BaseObject);
    }
}
