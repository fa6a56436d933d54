using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.Records;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>No more jobs are put out than can be received before the service forgets them.</summary>
public sealed class RunExpiryTests : RunTest
{
    [Fact]
    public async Task Submitting_stops_at_what_recent_runs_could_receive_within_an_hour()
    {
        await ReceivedBeforeAsync(20, minutes: 60);
        MakeImages(23);
        ScriptRun script = await RunAsync("Submit-QwenImageEdit *.png -Prompt 'emulate:queued' -RunVariable run");

        Assert.Equal(20, Emulator.Ledger.Jobs.Count);
        ExpectRun(new { Submitted = 20, NotSubmitted = 3, StoppedBy = "Expiry", ExitCode = 8 });
        Assert.Contains("Resume-QwenImageEdit", script.SingleError(EditError.TooManyJobs, "SubmitQwenImageEdit").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_submission_that_makes_no_job_leaves_its_room_to_another()
    {
        await ReceivedBeforeAsync(20, minutes: 60);
        MakeImages(21);
        Emulator.Faults.Add(new Fault { Kind = FaultKind.Answer, Route = ApiRoute.Submit, Status = 400, Next = 1 });
        await RunAsync("Submit-QwenImageEdit *.png -Prompt 'emulate:queued' -RunVariable run");

        Assert.Equal(20, Emulator.Ledger.Jobs.Count);
        ExpectRun(new { Submitted = 20, Failed = 1, NotSubmitted = 0 });
    }

    [Fact]
    public async Task Jobs_that_are_out_already_count()
    {
        await ReceivedBeforeAsync(20, minutes: 60);
        MakeImages(22);
        (await RunAsync("Submit-QwenImageEdit 0?.png, 1?.png -Prompt 'emulate:queued'")).WithoutErrors();
        await RunAsync("Submit-QwenImageEdit 2?.png -Prompt 'emulate:queued' -RunVariable run");

        ExpectRun(new { Submitted = 1, NotSubmitted = 2, StoppedBy = "Expiry" });
    }

    [Fact]
    public async Task Force_puts_them_out_nevertheless()
    {
        await ReceivedBeforeAsync(20, minutes: 60);
        MakeImages(22);
        (await RunAsync("Submit-QwenImageEdit *.png -Prompt 'emulate:queued' -Force")).WithoutErrors();

        Assert.Equal(22, Emulator.Ledger.Jobs.Count);
    }

    [Fact]
    public async Task The_best_of_the_recent_runs_is_what_can_be_done()
    {
        await ReceivedBeforeAsync(20, minutes: 60);
        await ReceivedBeforeAsync(50, minutes: 60);
        await ReceivedBeforeAsync(19, minutes: 0);
        MakeImages(22);

        (await RunAsync("Submit-QwenImageEdit *.png -Prompt 'emulate:queued'")).WithoutErrors();
    }

    [Fact]
    public async Task Editing_receives_as_it_submits_and_has_no_such_limit()
    {
        await ReceivedBeforeAsync(20, minutes: 120);
        MakeImages(12);
        (await RunAsync("Invoke-QwenImageEdit *.png -Prompt Blue")).WithoutErrors();
    }

    // As a run of that many minutes would have left it.
    private async Task ReceivedBeforeAsync(int images, int minutes)
    {
        if (!File.Exists(Journal))
        {
            (await RunAsync("Resume-QwenImageEdit")).WithoutErrors();
        }

        ChangeJournal($"""
            INSERT INTO run (session, command, started, ended, received, resumed, exit_code)
            VALUES ('gone', 'Resume-QwenImageEdit', 1000000, 1000000 + {minutes} * 60000, 0, {images}, 0)
            """);
    }
}
