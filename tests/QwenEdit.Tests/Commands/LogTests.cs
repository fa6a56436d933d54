using System.Management.Automation;
using System.Text;
using QwenEdit.Emulator;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>What <c>-Verbose</c> and <c>-Debug</c> say, and that no stream ever says the key.</summary>
public sealed class LogTests : CommandTest
{
    [Fact]
    public async Task Verbose_tells_the_steps_of_each_edit_by_its_id()
    {
        string image = Folder.Image("a.png");

        ScriptRun run = (await RunAsync("Invoke-QwenImageEdit a.png 'emulate:seconds=0.3' -Verbose")).WithoutErrors();

        string id = Emulator.Ledger.Jobs[0].RequestId;
        Assert.Contains(run.Verbose, message => message.StartsWith($"{image} is request {id}", StringComparison.Ordinal));
        Assert.Contains(run.Verbose, message => message.StartsWith($"Request {id} is COMPLETED after ", StringComparison.Ordinal));
        Assert.Contains(run.Verbose, message => message.StartsWith($"Request {id} is received: {Folder["a-edited.png"]}", StringComparison.Ordinal));
        Assert.Empty(run.Debug);
    }

    [Fact]
    public async Task Debug_tells_every_exchange()
    {
        Folder.Image("a.png");

        ScriptRun run = (await RunAsync("Invoke-QwenImageEdit a.png 'Make it red' -Debug")).WithoutErrors();

        foreach (LedgerRequest request in Emulator.Ledger.Requests)
        {
            Assert.Contains(run.Debug, message =>
                message.StartsWith($"{request.Method} http://", StringComparison.Ordinal)
                && message.Contains($"{request.Path} -> {request.Status}", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Nothing_is_said_unasked()
    {
        Folder.Image("a.png");

        ScriptRun run = (await RunAsync("Invoke-QwenImageEdit a.png 'Make it red'")).WithoutErrors();

        Assert.Equal("", string.Concat([.. run.Verbose, .. run.Debug, .. run.Warnings]));
        Assert.Empty(run.Information);
    }

    [Fact]
    public async Task A_pause_is_explained()
    {
        Folder.Image("a.png");
        Emulator.Faults.Add(new() { Kind = FaultKind.Answer, Route = ApiRoute.Submit, Status = 503, Next = 1 });

        ScriptRun run = (await RunAsync("Invoke-QwenImageEdit a.png 'Make it red' -Verbose")).WithoutErrors();

        Assert.Contains(run.Verbose, message =>
            message.Contains("503", StringComparison.Ordinal) && message.Contains("no job was made", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_image_of_another_format_than_asked_for_is_warned_about()
    {
        Folder.Image("a.png");

        // Images come back as they went in here.
        ScriptRun run = (await RunAsync("Invoke-QwenImageEdit a.png 'Make it red' -ImageFormat Webp")).WithoutErrors();

        string warning = Assert.Single(run.Warnings);
        Assert.Contains(Folder["a-edited.webp"], warning, StringComparison.Ordinal);
        Assert.Contains("Png", warning, StringComparison.Ordinal);
    }

    public static TheoryData<string, Fault?> Ways => new()
    {
        { "Invoke-QwenImageEdit a.png 'Make it red'", null },
        { "Invoke-QwenImageEdit a.png 'emulate:fail'", null },
        { "Invoke-QwenImageEdit a.png 'emulate:html' -MaximumRetryCount 0", null },
        { "Submit-QwenImageEdit a.png 'Make it red' | Receive-QwenEditResult -Wait", null },
        { "Submit-QwenImageEdit a.png 'Make it red' -Model no-such-model", null },
        { "Get-QwenEditStatus 11111111-2222-3333-4444-555555555555", null },
        { "Invoke-QwenImageEdit a.png 'Make it red' -Endpoint http://127.0.0.1:1 -MaximumRetryCount 0", null },
        { "Invoke-QwenImageEdit a.png 'Make it red' -Endpoint http://$key@127.0.0.1:1", null },
        { "Invoke-QwenImageEdit a.png 'Make it red' -Endpoint http://$key@example.com", null },
        { "Invoke-QwenImageEdit a.png 'Make it red' -Endpoint https://127.0.0.1/?key=$key", null },
        { "Invoke-QwenImageEdit a.png 'Make it red' -ApiKey \"$key`nmore\"", null },
        { "Invoke-QwenImageEdit a.png 'Make it red' -ApiKey \"$key ключ\"", null },
        { "Invoke-QwenImageEdit a.png 'Make it red' -ApiKey \"x$key\"", null },
        { "Invoke-QwenImageEdit a.png 'Make it red'", new() { Kind = FaultKind.ResetAfterReading, Route = ApiRoute.Submit } },
        { "Invoke-QwenImageEdit a.png 'Make it red' -ApiKey \"'$key'\"", null },
        { "Invoke-QwenImageEdit a.png 'Make it red' -ApiKey \"Bearer $key\"", null },
        { "Invoke-QwenImageEdit a.png 'Make it red'", Saying(400, """{"error": "refused: x-api-key: SG_0123456789abcdef"}""") },
        { "Invoke-QwenImageEdit a.png 'Make it red' -MaximumRetryCount 0", Saying(502, "<title>Bad gateway</title> x-api-key: SG_0123456789abcdef") },
        { "Invoke-QwenImageEdit a.png 'Make it red' -RequestTimeoutSec 1", new() { Kind = FaultKind.DelayHeaders, Route = ApiRoute.Submit } },
    };

    // As a proxy that shows what it was sent.
    private static Fault Saying(int status, string body) => new() { Kind = FaultKind.Answer, Route = ApiRoute.Submit, Status = status, Body = body };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_key_is_in_no_stream_no_error_no_file_no_journal_no_log_and_no_telemetry(string script, Fault? fault)
    {
        Folder.Image("a.png");
        if (fault is not null)
        {
            Emulator.Faults.Add(fault);
        }

        using Listener listener = new();
        Host.Run("$PSDefaultParameterValues['*-Qwen*:LogPath'] = 'logs'; $PSDefaultParameterValues['*-Qwen*:JournalPath'] = './journal.db'; $Error.Clear()");
        ScriptRun run = await RunAsync($"$VerbosePreference = $DebugPreference = $InformationPreference = 'Continue'; {script}");

        IEnumerable<ErrorRecord> errors = run.Errors
            .Append(run.TerminatingError)
            .Concat(Host.Run("$Error").Output.Select(item => item.BaseObject as ErrorRecord))
            .OfType<ErrorRecord>();
        IEnumerable<string?> said =
        [
            .. errors.SelectMany(record => (string?[])[$"{record}", $"{record.Exception}", $"{record.TargetObject}", record.InvocationInfo?.Line, record.ScriptStackTrace]),
            .. run.Verbose, .. run.Debug, .. run.Warnings, Host.Render(run.Output),
            .. run.Output.SelectMany(item => item.Properties.Select(property => $"{property.Value}")),
            .. run.Progress.Select(record => $"{record}"),
            .. Folder.Files.Select(file => File.ReadAllText(Folder[file], Encoding.Latin1)),
            .. listener.Everything,
        ];
        Assert.DoesNotContain(said, text => text?.Contains(Emulator.ApiKey, StringComparison.OrdinalIgnoreCase) == true);
        Assert.DoesNotContain("UnexpectedError", run.ErrorNames());
    }
}
