using System.Management.Automation;
using QwenEdit.Emulator;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.Records;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>Answers that would meet every further edit: no more is sent, and what was sent is still received.</summary>
public sealed class FatalAnswerTests : CommandTest
{
    protected override EmulatorOptions Options { get; } = new() { Edit = EditMode.None, Latency = TimeSpan.FromMilliseconds(300) };

    [Theory]
    [ClassData(typeof(FatalAnswers))]
    public async Task Stop_the_submitting_and_not_the_receiving(int status, string message, EditError error)
    {
        string[] names = [.. Enumerable.Range(0, 10).Select(number => $"{number}.png")];
        Folder.Images(names);
        Emulator.Faults.Add(new() { Kind = FaultKind.Answer, Route = ApiRoute.Submit, Skip = 2, Status = status, Body = $$"""{"error": "{{message}}"}""" });

        ScriptRun run = await RunAsync("Get-ChildItem | Invoke-QwenImageEdit -Prompt 'Make it red' -ThrottleLimit 3");

        Assert.Equal([error.ToString(), "SubmissionStopped"], run.ErrorNames());
        Assert.Equal(2, run.Values("Status").Count(value => value!.ToString() == "Received"));
        Assert.Equal(["Failed"], run.Values("Status").Select(value => value!.ToString()).Except(["Received"]));
        Assert.StartsWith("7 images were not submitted", run.Errors[1].ToString(), StringComparison.Ordinal);
        Assert.InRange(Emulator.Ledger.RequestsOn(ApiRoute.Submit).Count, 3, 5);
    }

    [Fact]
    public async Task A_wrong_key_costs_one_request_where_images_go_one_by_one()
    {
        Folder.Images("1.png", "2.png", "3.png");

        ScriptRun run = await RunAsync("Get-ChildItem | Invoke-QwenImageEdit -Prompt 'Make it red' -ThrottleLimit 1 -ApiKey SG_fedcba9876543210");

        Assert.Equal(["ApiKeyRejected", "SubmissionStopped"], run.ErrorNames());
        Assert.Single(Emulator.Ledger.Requests);
    }

    [Fact]
    public async Task A_missing_key_ends_the_call_before_anything_is_sent()
    {
        Folder.Images("1.png", "2.png");

        ScriptRun run = await RunAsync("Get-ChildItem | Invoke-QwenImageEdit -Prompt 'Make it red' -ApiKey ' '");

        run.EndingError(EditError.ApiKeyMissing);
        AssertNothingWasSent();
    }

    [Fact]
    public async Task When_the_credits_run_out_what_they_covered_is_received()
    {
        Folder.Images("1.png", "2.png", "3.png", "4.png", "5.png");

        // Each may cost 40 of the 100 credits.
        ScriptRun run = await RunAsync("Get-ChildItem | Invoke-QwenImageEdit -Prompt 'emulate:cost=40' -ThrottleLimit 5");

        Assert.Equal(["InsufficientCredits", "SubmissionStopped"], run.ErrorNames());
        Assert.StartsWith("2 images were not submitted", run.Errors[1].ToString(), StringComparison.Ordinal);
        Assert.Equal(80m, Emulator.Ledger.Billed);
        Assert.Equal(80m, run.Output.Select(result => (decimal?)result.Properties["Cost"].Value ?? 0).Sum());
    }

    [Fact]
    public async Task Submit_stops_as_well()
    {
        Folder.Images("1.png", "2.png", "3.png");

        ScriptRun run = await RunAsync("Get-ChildItem | Submit-QwenImageEdit -Prompt 'Make it red' -Model no-such-model -ThrottleLimit 1");

        Assert.Equal(
            [Errors.Id(EditError.ModelNotFound, "SubmitQwenImageEdit"), Errors.Id(EditError.SubmissionStopped, "SubmitQwenImageEdit")],
            run.Errors.Select(record => record.FullyQualifiedErrorId));
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task A_bad_file_after_the_stop_is_still_named()
    {
        Folder.Images("1.png", "3.png");
        Folder.Text("2.png", "no image");

        ScriptRun run = await RunAsync("Get-ChildItem | Invoke-QwenImageEdit -Prompt 'Make it red' -Model no-such-model -ThrottleLimit 1");

        Assert.Equal(["ModelNotFound", "NotAnImage", "SubmissionStopped"], run.ErrorNames().Order());
    }

    [Fact]
    public async Task The_last_error_names_no_image_but_the_cause()
    {
        Folder.Images("1.png", "2.png");

        ScriptRun run = await RunAsync("Get-ChildItem | Invoke-QwenImageEdit -Prompt 'Make it red' -Model no-such-model -ThrottleLimit 1");

        ErrorRecord last = run.Errors[^1];
        Assert.Null(last.TargetObject);
        Assert.StartsWith("1 image was not submitted and cost nothing", last.ToString(), StringComparison.Ordinal);
        Assert.Contains("no-such-model", last.ToString(), StringComparison.Ordinal);
    }
}
