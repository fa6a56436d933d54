using System.Runtime.InteropServices;
using QwenEdit.Emulator;
using QwenEdit.Engine;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Crash.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>What a scheduled task sees: the exit code of a process of its own.</summary>
[Collection(ProcessTests.Name)]
public sealed class RunProcessTests : IAsyncLifetime
{
    private const int HangUp = 1;
    private const int Interrupt = 2;
    private const int Terminate = 15;

    /// <summary>A prompt whose job takes longer than a test does.</summary>
    private const string Long = "emulate:seconds=600";

    private Scene _scene = null!;

    public async Task InitializeAsync() => _scene = await Scene.StartAsync(images: 2);

    public async Task DisposeAsync() => await _scene.DisposeAsync();

    [Fact]
    public async Task All_there_is_0()
    {
        Assert.Equal(0, (await RunAsync()).ExitCode);
        Assert.Equal(0, (await RunAsync()).ExitCode);
        Assert.Equal(2, _scene.Service.Ledger.Jobs.Count);
    }

    [Fact]
    public async Task Some_failed_is_1() => Assert.Equal(1, (await RunAsync(prompt: "emulate:fail")).ExitCode);

    [Fact]
    public async Task Temporary_is_5()
    {
        _scene.Service.Faults.Add(new Fault { Kind = FaultKind.Answer, Route = ApiRoute.Submit, Status = 503 });
        Assert.Equal(5, (await RunAsync("-MaximumRetryCount 0")).ExitCode);
    }

    [Fact]
    public async Task Stopped_by_credits_or_authorisation_is_7()
    {
        _scene.Service.Faults.Add(new Fault { Kind = FaultKind.Answer, Route = ApiRoute.Submit, Status = 401 });
        Assert.Equal(7, (await RunAsync()).ExitCode);
    }

    [Fact]
    public async Task A_cap_that_was_reached_is_8() => Assert.Equal(8, (await RunAsync("-MaxCost 0.02")).ExitCode);

    [Fact]
    public async Task Spending_that_nobody_is_there_to_confirm_is_8()
    {
        EndedProcess ended = await RunAsync("-ConfirmAbove 0");

        Assert.Equal(8, ended.ExitCode);
        Assert.Contains("nobody can be asked here", Assert.Single(ended.Errors), StringComparison.Ordinal);
        Assert.Empty(_scene.Service.Ledger.Requests);
        Assert.Equal(0, (await RunAsync("-ConfirmAbove 0 -Confirm:$false")).ExitCode);
    }

    [Fact]
    public async Task Another_process_that_is_at_it_is_11()
    {
        using EditProcess other = _scene.StartScript(Script(Long));
        await WhenAcceptedAsync(2);

        Assert.Equal(11, (await RunAsync(prompt: Long)).ExitCode);
        await other.KillAsync();
    }

    [Fact]
    public async Task A_journal_that_can_not_be_written_is_12() =>
        Assert.Equal(12, (await RunAsync(journal: _scene.Images)).ExitCode);

    [Fact]
    public async Task Unknown_outcomes_are_20()
    {
        _scene.Service.Faults.Add(new Fault { Kind = FaultKind.ResetAfterAccepting, Route = ApiRoute.Submit });
        Assert.Equal(20, (await RunAsync()).ExitCode);
    }

    [SignalFact(Terminate)]
    public Task A_process_that_is_to_terminate_leaves_and_the_next_receives_what_it_left() => LeavesAndGoesOnAsync(Terminate);

    [SignalFact(HangUp)]
    public Task A_process_whose_terminal_is_closed_leaves_and_the_next_receives_what_it_left() => LeavesAndGoesOnAsync(HangUp);

    /// <summary>The call ends with <see cref="EditError.RunTerminated"/>, which nobody may be left to read.</summary>
    private async Task LeavesAndGoesOnAsync(int signal)
    {
        using EditProcess process = _scene.StartScript(Script(Long));
        await WhenAcceptedAsync(2);
        Kill(process.Id, signal);

        EndedProcess ended = await process.EndedAsync();

        // The system's own handling of the signal follows, as it would without the module.
        Assert.Equal(128 + signal, ended.ExitCode);
        Assert.Equal("Ended Cancelled 5", LastRun());
        Assert.Equal(["Queued", "Queued"], _scene.States());
        _scene.Service.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(0, (await RunAsync(prompt: Long)).ExitCode);
        Assert.Equal(2, _scene.Service.Ledger.Jobs.Count);
    }

    [CommandLinesFact]
    public async Task The_key_is_on_no_command_line()
    {
        using EditProcess process = _scene.StartScript(Script(Long, "-LogPath '" + _scene.Results + "'"));
        await WhenAcceptedAsync(2);
        await Until.TrueAsync(() => Submissions(ReadLog()) == 2, "both answers are in the log");

        string[] lines = [.. Directory.EnumerateDirectories("/proc")
            .Where(folder => int.TryParse(Path.GetFileName(folder), out _))
            .Select(CommandLine)];
        await process.KillAsync();

        Assert.Contains(lines, line => line.Contains("pwsh.dll", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains(_scene.Service.ApiKey, StringComparison.Ordinal));
        // Killed, it has left all that it said, with its last line whole.
        string log = ReadLog();
        Assert.Equal(2, Submissions(log));
        Assert.EndsWith("}\n", log, StringComparison.Ordinal);
        Assert.DoesNotContain(_scene.Service.ApiKey, log, StringComparison.Ordinal);
    }

    [SignalFact(Interrupt)]
    public async Task A_process_that_is_interrupted_stops_as_PowerShell_does()
    {
        using EditProcess process = _scene.StartScript(Script(Long));
        await WhenAcceptedAsync(2);
        Kill(process.Id, Interrupt);

        // The exit code is PowerShell's own: 0 after -File, 1 after -Command.
        await process.EndedAsync();
        Assert.Equal("Ended Cancelled 5", LastRun());
    }

    private string ReadLog() => File.ReadAllText(Assert.Single(Directory.GetFiles(_scene.Results, "*.jsonl")));

    private static int Submissions(string log) => log.Split("edit.submitted").Length - 1;

    private static string CommandLine(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended.
            return string.Empty;
        }
    }

    private async Task<EndedProcess> RunAsync(string parameters = "", string prompt = "Proof", string? journal = null)
    {
        using EditProcess process = _scene.StartScript(Script(prompt, parameters, journal));
        return await process.EndedAsync();
    }

    private string Script(string prompt, string parameters = "", string? journal = null) => $$"""
        Get-ChildItem '{{_scene.Images}}' -Filter *.png |
            Invoke-QwenImageEdit -Prompt '{{prompt}}' -DestinationPath '{{_scene.Results}}/' -JournalPath '{{journal ?? _scene.Journal}}' -PollIntervalSec 0.05 -RunVariable run {{parameters}}
        exit $run.ExitCode
        """;

    private Task WhenAcceptedAsync(int jobs) =>
        Until.TrueAsync(() => _scene.States().Count(state => state == "Queued") == jobs, $"{jobs} jobs are in the journal");

    private string LastRun()
    {
        using JobBook book = new(_scene.Journal, TimeProvider.System);
        EditRun run = Assert.Single(book.LastRuns(1));
        return $"{run.Status} {run.StoppedBy} {run.ExitCode}";
    }

    private static void Kill(int process, int signal) => Assert.Equal(0, NativeKill(process, signal));

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int NativeKill(int process, int signal);
}

/// <summary>A test that reads the command lines of all processes; skipped where they are no files.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CommandLinesFactAttribute : FactAttribute
{
    public CommandLinesFactAttribute() => Skip = Directory.Exists("/proc/self") ? null : "The command lines of processes are files on Linux only.";
}
