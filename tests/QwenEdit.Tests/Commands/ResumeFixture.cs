using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.Records;
using QwenEdit.Tests.Crash.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>One image, and the ways in which an earlier run can have left its edit.</summary>
internal sealed class ResumeFixture : IAsyncDisposable
{
    private readonly PowerShellHost _host = PowerShellHost.Open();
    private readonly CrashFixture _fixture;
    private string _prompt = "Proof";
    private (PowerShellHost Host, RunningScript Script)? _other;

    private ResumeFixture(CrashFixture fixture) => _fixture = fixture;

    internal static async Task<ResumeFixture> StartAsync() => new(await CrashFixture.StartAsync(images: 1));

    /// <summary>How many requests to make a job have arrived.</summary>
    internal int Posts => _fixture.Service.Ledger.RequestsOn(ApiRoute.Submit).Count;

    internal string Result => _fixture.ResultOf(_fixture.Sources[0]);

    internal bool ResultIsWhole => File.Exists(Result) && CrashFixture.HashOf(Result) == CrashFixture.HashOf(_fixture.Sources[0]);

    /// <summary>Brings the edit into the state in which the re-run is to find it.</summary>
    internal async Task ArrangeAsync(string state)
    {
        switch (state)
        {
            case "nothing":
                break;
            case "failed":
                _prompt = "emulate:fail";
                await RunAsync("Invoke");
                break;
            case "rejected":
                await RunWithFaultAsync(ApiRoute.Submit, FaultKind.Answer, 400);
                break;
            case "received":
                await RunAsync("Invoke");
                break;
            case "received, then removed":
                await RunAsync("Invoke");
                File.Delete(Result);
                break;
            case "received, then changed":
                await RunAsync("Invoke");
                await File.WriteAllTextAsync(Result, "touched up by hand");
                break;
            case "received, then removed, a week ago":
                await RunAsync("Invoke");
                File.Delete(Result);
                _fixture.ChangeJournal($"UPDATE edit SET ended = ended - {(long)TimeSpan.FromDays(7.1).TotalMilliseconds}");
                break;
            case "submitted":
                await RunAsync("Submit");
                break;
            case "completed":
                await RunWithFaultAsync(ApiRoute.File, FaultKind.Answer, 404);
                break;
            case "completed, its file there":
                await RunAsync("Invoke");
                _fixture.ChangeJournal("UPDATE edit SET state = 'Completed'");
                break;
            case "being written":
                await RunAsync("Invoke");
                File.Delete(Result);
                _fixture.ChangeJournal("UPDATE edit SET state = 'Writing'");
                break;
            case "being written, its file there":
                await RunAsync("Invoke");
                _fixture.ChangeJournal("UPDATE edit SET state = 'Writing'");
                break;
            case "unknown":
                await RunWithFaultAsync(ApiRoute.Submit, FaultKind.ResetAfterAccepting, 0);
                break;
            case "expired":
                await RunAsync("Submit");
                _fixture.Service.Clock.Advance(TimeSpan.FromHours(2));
                await RunAsync("Resume");
                break;
            case "being worked on":
                _fixture.Service.Faults.Add(new Fault { Kind = FaultKind.DelayHeaders, Route = ApiRoute.Submit, Name = "held", Delay = TimeSpan.FromHours(10) });
                PowerShellHost other = PowerShellHost.Open();
                _other = (other, Prepare(other).Start(Command("Invoke", "")));
                await _fixture.Service.Ledger.WaitForAsync(request => request.Fault == "held", Until.Token());
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(state), state, null);
        }
    }

    /// <summary>Runs one of the four cmdlets.</summary>
    internal Task<ScriptRun> RunAsync(string verb, string parameters = "") => Prepare(_host).RunAsync(Command(verb, parameters));

    public async ValueTask DisposeAsync()
    {
        if (_other is { } other)
        {
            await other.Script.StopAsync();
            other.Script.Dispose();
            other.Host.Dispose();
        }

        _host.Dispose();
        await _fixture.DisposeAsync();
    }

    private async Task RunWithFaultAsync(ApiRoute route, FaultKind kind, int status)
    {
        _fixture.Service.Faults.Add(new Fault { Kind = kind, Route = route, Status = status == 0 ? 500 : status });
        await RunAsync("Invoke", "-MaximumRetryCount 0");
        _fixture.Service.Faults.Clear();
    }

    private PowerShellHost Prepare(PowerShellHost host) => host
        .Set("image", _fixture.Sources[0])
        .Set("results", _fixture.Results + "/")
        .Set("prompt", _prompt)
        .Set("journal", _fixture.Journal)
        .Set("endpoint", _fixture.Service.Endpoint.AbsoluteUri)
        .Set("key", _fixture.Service.ApiKey);

    private static string Command(string verb, string parameters)
    {
        string connection = $"-JournalPath $journal -Endpoint $endpoint -ApiKey $key -PollIntervalSec 0.05 {parameters}";
        return verb switch
        {
            "Invoke" or "Submit" => $"{verb}-QwenImageEdit $image $prompt -DestinationPath $results {connection}",
            "Receive" => $"Get-QwenEditJob -JournalPath $journal | Receive-QwenEditResult -Wait {connection}",
            _ => $"Resume-QwenImageEdit {connection}",
        };
    }
}
