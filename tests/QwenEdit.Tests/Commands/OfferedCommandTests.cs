using System.Management.Automation.Language;
using QwenEdit.Journal;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>Command lines that a user is offered, by Tab and in messages, where the service's ids are code.</summary>
[Collection(nameof(Alone))]
public sealed class OfferedCommandTests : CommandTest
{
    protected override IReadOnlyList<string> Images { get; } = ["a.png"];

    public static TheoryData<string, string> Ids => new()
    {
        { "$(New-Item owned)", "'$(New-Item owned)'" },
        { "x; New-Item owned", "'x; New-Item owned'" },
        { "it's", "'it''s'" },
        // PowerShell ends a text at these, too.
        { "x\u2019; New-Item owned #", "'x\u2019\u2019; New-Item owned #'" },
        { "`n", "'`n'" },
        { "-Force", "'-Force'" },
        { "1e5", "'1e5'" },
        { "@a", "'@a'" },
        { "a,b", "'a,b'" },
        { "job-1.2_x", "job-1.2_x" },
        { "0b8e2f4c-5d1a-4c7e-9f36-a1d2c3b4e5f6", "0b8e2f4c-5d1a-4c7e-9f36-a1d2c3b4e5f6" },
    };

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Tab_quotes_what_PowerShell_would_read_as_something_else(string id, string argument)
    {
        await using RawServer service = RawServer.Answering(RawAnswer.Accepted(id));
        await SubmitAsync(service);

        string line = $"Receive-QwenEditResult -JournalPath '{Journal}' -RequestId ";
        string offered = Assert.Single(Host.Run($"(TabExpansion2 \"{line}\" {line.Length}).CompletionMatches.CompletionText").WithoutErrors().Output).ToString();

        Assert.Equal(argument, offered);
        Assert.Equal(id, Assert.Single(Host.Run($"Write-Output {offered}").WithoutErrors().Output).ToString());
        Assert.False(File.Exists(Folder["owned"]));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task A_hint_quotes_as_well(string id, string argument)
    {
        await using RawServer service = RawServer.Answering(RawAnswer.Accepted(id), new RawAnswer(200, """{"status": "PROCESSING"}"""));
        await SubmitAsync(service);

        ScriptRun run = await RunAsync($"Get-QwenEditJob | Get-QwenEditStatus -Wait -TimeoutSec 1 -Endpoint {service.Url} -ErrorAction SilentlyContinue -ErrorVariable +failed; $failed[0].ToString()");

        string hint = run.Output[^1].ToString();
        Assert.Contains($"Receive-QwenEditResult -RequestId {argument} -Wait receives it", hint, StringComparison.Ordinal);
        string line = hint[hint.IndexOf("Receive-QwenEditResult", StringComparison.Ordinal)..hint.IndexOf(" receives it", StringComparison.Ordinal)];
        Ast command = Parser.ParseInput(line, out _, out ParseError[] errors);
        Assert.Empty(errors);
        Assert.Equal(id, ((CommandAst)command.Find(ast => ast is CommandAst, true)).CommandElements.OfType<StringConstantExpressionAst>().Last().Value);
    }

    private async Task SubmitAsync(RawServer service) =>
        (await RunAsync($"$null = Submit-QwenImageEdit a.png 'Make it red' -Endpoint {service.Url}")).WithoutErrors();
}
