using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>The table of re-runs, on the built module: how an earlier run left an edit, and what each cmdlet does with it.</summary>
public sealed class ResumeTableTests
{
    /// <summary>The state, the status that is written (empty: nothing is), the error (empty: none), and how many requests for a job are sent.</summary>
    public static TheoryData<string, string, string, int> Invoke => new()
    {
        { "nothing", "Received", "", 1 },
        { "failed", "Failed", "JobFailed", 1 },
        { "rejected", "Received", "", 1 },
        { "received", "Skipped", "", 0 },
        { "received, then removed", "Resumed", "", 0 },
        { "received, then changed", "", "DestinationExists", 0 },
        { "received, then removed, a week ago", "Expired", "RecordExpired", 0 },
        { "submitted", "Resumed", "", 0 },
        { "completed", "Resumed", "", 0 },
        { "completed, its file there", "Resumed", "", 0 },
        { "being written", "Resumed", "", 0 },
        { "being written, its file there", "Resumed", "", 0 },
        { "unknown", "Unknown", "OutcomeUnknown", 0 },
        { "expired", "Expired", "RecordExpired", 0 },
        { "being worked on", "Busy", "EditBusy", 0 },
    };

    public static TheoryData<string, string, string, int> Submit => new()
    {
        { "nothing", "Queued", "", 1 },
        { "failed", "Queued", "", 1 },
        { "rejected", "Queued", "", 1 },
        { "received", "Received", "", 0 },
        { "received, then removed", "Received", "", 0 },
        { "received, then changed", "", "DestinationExists", 0 },
        { "received, then removed, a week ago", "", "RecordExpired", 0 },
        { "submitted", "Queued", "", 0 },
        { "completed", "Completed", "", 0 },
        { "completed, its file there", "Completed", "", 0 },
        { "being written", "Writing", "", 0 },
        { "being written, its file there", "Writing", "", 0 },
        { "unknown", "", "OutcomeUnknown", 0 },
        { "expired", "", "RecordExpired", 0 },
        { "being worked on", "", "EditBusy", 0 },
    };

    public static TheoryData<string, string, string, int> Receive => new()
    {
        { "nothing", "", "", 0 },
        { "failed", "Failed", "JobFailed", 0 },
        { "rejected", "Failed", "JobFailed", 0 },
        { "received", "Skipped", "", 0 },
        { "received, then removed", "Received", "", 0 },
        { "received, then changed", "NotReceived", "DestinationExists", 0 },
        { "received, then removed, a week ago", "Expired", "RecordExpired", 0 },
        { "submitted", "Received", "", 0 },
        { "completed", "Received", "", 0 },
        { "completed, its file there", "Resumed", "", 0 },
        { "being written", "Received", "", 0 },
        { "being written, its file there", "Resumed", "", 0 },
        { "unknown", "Unknown", "OutcomeUnknown", 0 },
        { "expired", "Expired", "RecordExpired", 0 },
        { "being worked on", "Busy", "EditBusy", 0 },
    };

    public static TheoryData<string, string, string, int> Resume => new()
    {
        { "nothing", "", "", 0 },
        { "failed", "", "", 0 },
        { "rejected", "", "", 0 },
        { "received", "", "", 0 },
        { "received, then removed", "", "", 0 },
        { "submitted", "Resumed", "", 0 },
        { "completed", "Resumed", "", 0 },
        { "completed, its file there", "Resumed", "", 0 },
        { "being written", "Resumed", "", 0 },
        { "being written, its file there", "Resumed", "", 0 },
        { "unknown", "Unknown", "OutcomeUnknown", 0 },
        { "expired", "Expired", "RecordExpired", 0 },
        { "being worked on", "Busy", "EditBusy", 0 },
    };

    [Theory]
    [MemberData(nameof(Invoke))]
    public Task Invoke_does(string state, string status, string error, int posts) => DoesAsync("Invoke", "", state, status, error, posts);

    [Theory]
    [MemberData(nameof(Submit))]
    public Task Submit_does(string state, string status, string error, int posts) => DoesAsync("Submit", "", state, status, error, posts);

    [Theory]
    [MemberData(nameof(Receive))]
    public Task Receive_does(string state, string status, string error, int posts) => DoesAsync("Receive", "", state, status, error, posts);

    [Theory]
    [MemberData(nameof(Resume))]
    public Task Resume_does(string state, string status, string error, int posts) => DoesAsync("Resume", "", state, status, error, posts);

    [Theory]
    [InlineData("received", "-Force", "Skipped", "", 0)]
    [InlineData("received, then changed", "-Force", "Resumed", "", 0)]
    [InlineData("received, then removed, a week ago", "-Resubmit Expired", "Received", "", 1)]
    [InlineData("expired", "-Resubmit Expired", "Received", "", 1)]
    [InlineData("expired", "-Resubmit Unknown", "Expired", "RecordExpired", 0)]
    [InlineData("unknown", "-Resubmit Unknown", "Received", "", 1)]
    [InlineData("unknown", "-Resubmit Expired", "Unknown", "OutcomeUnknown", 0)]
    [InlineData("unknown", "-Force", "Unknown", "OutcomeUnknown", 0)]
    [InlineData("failed", "-Resubmit None", "Failed", "JobFailed", 0)]
    [InlineData("rejected", "-Resubmit None", "Failed", "JobFailed", 0)]
    [InlineData("submitted", "-Resubmit Failed,Expired,Unknown -Force", "Resumed", "", 0)]
    [InlineData("being worked on", "-Resubmit Failed,Expired,Unknown -Force", "Busy", "EditBusy", 0)]
    public Task Invoke_does_as_it_is_told(string state, string told, string status, string error, int posts) =>
        DoesAsync("Invoke", told, state, status, error, posts);

    private static async Task DoesAsync(string verb, string told, string state, string status, string error, int posts)
    {
        await using ResumeFixture fixture = await ResumeFixture.StartAsync();
        await fixture.ArrangeAsync(state);
        int before = fixture.Posts;

        ScriptRun run = await fixture.RunAsync(verb, told);

        Assert.Null(run.TerminatingError);
        Assert.Equal(posts, fixture.Posts - before);
        Assert.Equal(status.Length == 0 ? [] : [status], run.Values("Status").Select(value => value!.ToString()!));
        Assert.Equal(error.Length == 0 ? [] : [error], run.Errors.Select(record => record.FullyQualifiedErrorId.Split(',')[0]));
        if (status is "Received" or "Resumed" or "Skipped" && verb != "Submit")
        {
            Assert.True(fixture.ResultIsWhole);
        }
    }
}
