using System.Management.Automation;
using System.Text;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;
using QwenEdit.Journal;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>Nothing that a command leaves has the key.</summary>
public sealed class KeySecrecyTests : CommandTest
{
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
