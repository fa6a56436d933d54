using System.Management.Automation;
using QwenEdit.Emulator;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>Submit now, ask and receive later, in the same session or in another.</summary>
public sealed class JobTests : CommandTest
{
    protected override IReadOnlyList<string> Images { get; } = ["a.png", "b.png"];

    [Fact]
    public async Task A_submitted_job_knows_what_was_sent_and_until_when_it_lives()
    {
        ScriptRun run = (await RunAsync("Submit-QwenImageEdit a.png 'Make it red' -Seed 42 -ImageFormat Webp -DestinationPath out")).WithoutErrors();

        LedgerJob sent = Assert.Single(Emulator.Ledger.Jobs);
        PSObject job = Assert.Single(run.Output);
        Assert.Equal("QwenEdit.EditJob", job.TypeNames[0]);
        Assert.Equal(
            [sent.RequestId, Folder["a.png"], Folder["out/a.webp"], "Make it red", "qwen-image-edit-fast", 42L, Emulator.Endpoint],
            ((string[])["RequestId", "Source", "Destination", "Prompt", "Model", "Seed", "Endpoint"]).Select(name => job.Properties[name].Value));
        Assert.Equal("Queued", job.Properties["Status"].Value.ToString());
        DateTimeOffset submitted = (DateTimeOffset)job.Properties["SubmittedAt"].Value;
        Assert.InRange(submitted - sent.Accepted, TimeSpan.FromSeconds(-5), TimeSpan.FromSeconds(5));
        Assert.Equal(submitted + TimeSpan.FromHours(1), job.Properties["ExpiresAt"].Value);
    }

    [Fact]
    public async Task A_random_seed_is_drawn_before_sending_and_reported()
    {
        ScriptRun run = (await RunAsync("Submit-QwenImageEdit a.png, b.png 'Make it red' -Seed -1")).WithoutErrors();

        Assert.Equal(Emulator.Ledger.Jobs.Select(job => (object)job.Seed).Order(), run.Values("Seed").Order());
        Assert.Equal(2, run.Values("Seed").Distinct().Count());
        Assert.DoesNotContain(-1L, run.Values("Seed"));
    }

    [Fact]
    public async Task A_result_reports_what_the_service_said()
    {
        ScriptRun run = (await RunAsync("Invoke-QwenImageEdit a.png 'Make it red' -Seed 42")).WithoutErrors();

        PSObject result = Assert.Single(run.Output);
        Assert.Equal("QwenEdit.EditResult", result.TypeNames[0]);
        Assert.Equal("Received", result.Properties["Status"].Value.ToString());
        Assert.Equal(
            [Emulator.Ledger.Jobs[0].RequestId, 0.0125m, 99.9875m, 42L, "qwen-image-edit-fast"],
            ((string[])["RequestId", "Cost", "RemainingCredits", "Seed", "Model"]).Select(name => result.Properties[name].Value));
        Assert.All(
            ["QueueSeconds", "InferenceSeconds", "SubmittedAt", "ExpiresAt"], name => Assert.NotNull(result.Properties[name].Value));
        Assert.StartsWith(Emulator.FilesEndpoint.AbsoluteUri, (string)result.Properties["OutputUrl"].Value, StringComparison.Ordinal);
        Assert.Null(result.Properties["Error"].Value);
    }

    [Theory]
    [InlineData("emulate:queued", "Queued")]
    [InlineData("emulate:processing emulate:seconds=0", "Processing")]
    [InlineData("emulate:seconds=0", "Completed")]
    [InlineData("emulate:seconds=0 emulate:fail", "Failed")]
    public async Task Submitted_jobs_can_be_asked_for(string prompt, string status)
    {
        Host.Set("prompt", prompt);

        ScriptRun run = (await RunAsync("Submit-QwenImageEdit a.png $prompt -OutVariable job | Get-QwenEditStatus; $job")).WithoutErrors();

        (PSObject answer, PSObject job) = (run.Output[0], run.Output[1]);
        Assert.Equal("QwenEdit.EditStatus", answer.TypeNames[0]);
        Assert.Equal(status, answer.Properties["Status"].Value.ToString());
        Assert.All(
            ["RequestId", "Source", "Destination", "Seed", "SubmittedAt", "ExpiresAt"],
            name => Assert.Equal(job.Properties[name].Value, answer.Properties[name].Value));
        Assert.Equal(status == "Completed" ? 0.0125m : null, answer.Properties["Cost"].Value);
        Assert.Equal(status == "Failed", answer.Properties["Error"].Value is not null);
    }

    [Fact]
    public async Task A_job_that_the_service_has_forgotten_is_expired()
    {
        (await RunAsync("Submit-QwenImageEdit a.png 'emulate:seconds=0 emulate:expired'")).WithoutErrors();
        MakeOlder(TimeSpan.FromMinutes(2));

        PSObject answer = Assert.Single((await RunAsync("Get-QwenEditJob | Get-QwenEditStatus")).WithoutErrors().Output);

        Assert.Equal("Expired", answer.Properties["Status"].Value.ToString());
        Assert.NotNull(answer.Properties["Error"].Value);
    }

    [Theory]
    [InlineData("emulate:seconds=0.5", "Completed")]
    [InlineData("emulate:seconds=0.5 emulate:fail", "Failed")]
    public async Task Get_QwenEditStatus_Wait_returns_when_the_job_has_ended(string prompt, string status)
    {
        Host.Set("prompt", prompt);

        ScriptRun run = (await RunAsync("Submit-QwenImageEdit a.png, b.png $prompt | Get-QwenEditStatus -Wait")).WithoutErrors();

        Assert.Equal([status, status], run.Values("Status").Select(value => value!.ToString()));
    }

    [Theory]
    [InlineData("Submit-QwenImageEdit *.png 'emulate:seconds=0.3' | Receive-QwenEditResult -Wait")]
    [InlineData("$jobs = Submit-QwenImageEdit *.png 'emulate:seconds=0.3'; Receive-QwenEditResult -Job $jobs -Wait")]
    [InlineData("Submit-QwenImageEdit *.png 'emulate:seconds=0' | Receive-QwenEditResult")]
    public async Task Jobs_are_received_where_their_submission_said(string script)
    {
        ScriptRun run = (await RunAsync(script)).WithoutErrors();

        Assert.Equal([Folder["a-edited.png"], Folder["b-edited.png"]], run.Values("Destination").Order());
        Assert.Equal(["a-edited.png", "a.png", "b-edited.png", "b.png"], Folder.Files);
        Assert.Equal(2, Emulator.Ledger.Jobs.Count);
    }

    [Fact]
    public async Task A_journal_that_a_command_upstream_makes_is_there_for_those_after_it()
    {
        Assert.False(File.Exists(Journal));

        ScriptRun run = (await RunAsync("Submit-QwenImageEdit *.png 'Make it red' | Remove-QwenEditJob -Force -Confirm:$false; Get-QwenEditJob")).WithoutErrors();

        Assert.Equal(2, Emulator.Ledger.Jobs.Count);
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData("-DestinationPath out", "out/a-edited.png")]
    [InlineData("-DestinationPath red.png", "red.png")]
    [InlineData("-Destination red.png", "red.png")]
    public async Task Jobs_can_be_received_elsewhere(string arguments, string file)
    {
        ScriptRun run = (await RunAsync($"Submit-QwenImageEdit a.png 'Make it red' | Receive-QwenEditResult -Wait {arguments}")).WithoutErrors();

        Assert.Equal([Folder[file]], run.Values("Destination"));
        Assert.Contains(file, Folder.Files);
    }

    [Fact]
    public async Task What_Get_QwenEditStatus_returned_can_be_received_at_its_place()
    {
        ScriptRun run = (await RunAsync("""
            Submit-QwenImageEdit *.png 'emulate:seconds=0.2' | Get-QwenEditStatus -Wait | Receive-QwenEditResult
            """)).WithoutErrors();

        Assert.Equal([Folder["a-edited.png"], Folder["b-edited.png"]], run.Values("Destination").Order());
    }

    [Theory]
    [InlineData("Get-QwenEditStatus $id")]
    [InlineData("Get-QwenEditStatus -RequestId $id -Wait")]
    [InlineData("$id | Get-QwenEditStatus")]
    [InlineData("[guid] $id | Get-QwenEditStatus")]
    [InlineData("[pscustomobject]@{ RequestId = $id } | Get-QwenEditStatus")]
    [InlineData("[pscustomobject]@{ Id = $id } | Get-QwenEditStatus")]
    public async Task A_bare_request_id_is_enough_in_another_session(string script)
    {
        (await RunAsync("Submit-QwenImageEdit a.png 'emulate:seconds=0'")).WithoutErrors();
        using PowerShellHost later = OpenSession().Set("id", Emulator.Ledger.Jobs[0].RequestId);

        ScriptRun run = (await later.RunAsync(script)).WithoutErrors();

        Assert.Equal([Emulator.Ledger.Jobs[0].RequestId], run.Values("RequestId"));
        Assert.Equal("Completed", Assert.Single(run.Values("Status"))!.ToString());
    }

    [Theory]
    [InlineData("Receive-QwenEditResult $id", "{0}.png")]
    [InlineData("\" $id \" | Receive-QwenEditResult", "{0}.png")]
    [InlineData("Receive-QwenEditResult -RequestId $id -Wait -DestinationPath out", "out/{0}.png")]
    [InlineData("Receive-QwenEditResult -Id $id -DestinationPath red.png", "red.png")]
    [InlineData("[pscustomobject]@{ RequestId = $id; DestinationPath = 'red.png' } | Receive-QwenEditResult", "red.png")]
    public async Task A_bare_request_id_is_received_under_its_own_name_unless_told_otherwise(string script, string file)
    {
        (await RunAsync("Submit-QwenImageEdit a.png 'emulate:seconds=0'")).WithoutErrors();
        string id = Emulator.Ledger.Jobs[0].RequestId;
        using PowerShellHost later = OpenSession().Set("id", id);

        ScriptRun run = (await later.RunAsync(script)).WithoutErrors();

        file = file.Replace("{0}", id, StringComparison.Ordinal);
        Assert.Equal([Folder[file]], run.Values("Destination"));
        Assert.Equal(MadeImages.Png, File.ReadAllBytes(Folder[file]));
    }

    [Fact]
    public async Task An_unfinished_job_is_not_received_and_the_error_says_what_to_do()
    {
        ScriptRun run = await RunAsync("Submit-QwenImageEdit a.png 'emulate:processing' | Receive-QwenEditResult");

        string id = Emulator.Ledger.Jobs[0].RequestId;
        ErrorRecord record = run.SingleError(EditError.JobNotFinished, "ReceiveQwenEditResult");
        Assert.Equal(id, record.TargetObject);
        Assert.Contains("-Wait", record.ToString(), StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task An_unknown_id_is_expired_to_Get_and_an_error_to_Receive()
    {
        Host.Set("id", "11111111-2222-3333-4444-555555555555");

        ScriptRun asked = (await RunAsync("Get-QwenEditStatus $id")).WithoutErrors();
        ScriptRun received = await RunAsync("Receive-QwenEditResult $id");

        Assert.Equal("Expired", Assert.Single(asked.Values("Status"))!.ToString());
        Assert.Contains("11111111", received.SingleError(EditError.RecordExpired, "ReceiveQwenEditResult").ToString(), StringComparison.Ordinal);
        Assert.Equal("Expired", Assert.Single(received.Values("Status"))!.ToString());
    }

    [Theory]
    [InlineData("../../v1/get-user-credits")]
    [InlineData("not an id?x=1#y")]
    public async Task An_id_can_not_lead_to_another_place_of_the_service(string id)
    {
        Host.Set("id", id);

        ScriptRun run = await RunAsync("Get-QwenEditStatus $id; Receive-QwenEditResult $id");

        Assert.Equal("Expired", run.Values("Status")[0]!.ToString());
        Assert.All(Emulator.Ledger.Requests, request => Assert.StartsWith("/v2/requests/", request.Path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_received_file_is_kept_unless_forced()
    {
        await RunAsync("Submit-QwenImageEdit a.png 'emulate:seconds=0' -OutVariable global:job");
        Folder.File("a-edited.png", "mine"u8.ToArray());

        (await RunAsync("$job | Receive-QwenEditResult")).SingleError(EditError.DestinationExists, "ReceiveQwenEditResult");
        Assert.Equal("mine"u8.ToArray(), File.ReadAllBytes(Folder["a-edited.png"]));

        (await RunAsync("$job | Receive-QwenEditResult -Force")).WithoutErrors();
        Assert.Equal(MadeImages.Png, File.ReadAllBytes(Folder["a-edited.png"]));
    }
}
