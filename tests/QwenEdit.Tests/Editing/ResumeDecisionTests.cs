using QwenEdit.Commands.Parameters;
using QwenEdit.Editing;
using QwenEdit.Journal;

namespace QwenEdit.Tests.Editing;

/// <summary>The table of re-runs, a row a test: what the journal says, what is at the destination, what is allowed, and what is done.</summary>
public sealed class ResumeDecisionTests
{
    private static readonly DateTimeOffset Now = new(2026, 10, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>State, days since the output got its address (-1: it has none), at the destination, what the run does.</summary>
    public static TheoryData<string, int, string, string> Rows => new()
    {
        // Nothing, or nothing that cost anything.
        { "", -1, "Nothing", "Submit" },
        { "", -1, "SomethingElse", "RefuseDestination" },
        { "Prepared", -1, "Nothing", "Submit" },
        { "Prepared", -1, "SomethingElse", "RefuseDestination" },
        { "Failed", -1, "Nothing", "Submit" },
        { "Rejected", -1, "Nothing", "Submit" },

        // Received.
        { "Received", 1, "ItsResult", "Skip" },
        { "Received", -1, "ItsResult", "Skip" },
        { "Received", 400, "ItsResult", "Skip" },
        { "Received", 1, "Nothing", "DownloadAgain" },
        { "Received", 6, "Nothing", "DownloadAgain" },
        { "Received", 7, "Nothing", "ReportExpired" },
        { "Received", -1, "Nothing", "ReportExpired" },
        { "Received", 1, "SomethingElse", "RefuseDestination" },
        { "Received", 8, "SomethingElse", "RefuseDestination" },

        // A job that is there.
        { "Queued", -1, "Nothing", "Adopt" },
        { "Processing", -1, "Nothing", "Adopt" },
        { "Queued", -1, "SomethingElse", "RefuseDestination" },
        { "Completed", 1, "Nothing", "DownloadAgain" },
        { "Completed", -1, "Nothing", "Adopt" },
        { "Completed", 8, "Nothing", "Adopt" },
        { "Completed", 1, "ItsResult", "Confirm" },
        { "Completed", 1, "SomethingElse", "RefuseDestination" },
        { "Writing", 1, "ItsResult", "Confirm" },
        { "Writing", -1, "ItsResult", "Confirm" },
        { "Writing", 1, "Nothing", "DownloadAgain" },
        { "Writing", -1, "Nothing", "Adopt" },
        { "Writing", 8, "Nothing", "Adopt" },
        { "Writing", 1, "SomethingElse", "RefuseDestination" },

        // What nobody knows, and what the service has forgotten.
        { "Submitting", -1, "Nothing", "ReportUnknown" },
        { "Unknown", -1, "Nothing", "ReportUnknown" },
        { "Unknown", -1, "SomethingElse", "ReportUnknown" },
        { "Expired", -1, "Nothing", "ReportExpired" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Without_further_wishes(string state, int age, string there, string step) =>
        Assert.Equal(step, Decide(state, age, there).ToString());

    [Theory]
    [InlineData("", -1, "Submit")]
    [InlineData("Prepared", -1, "Submit")]
    [InlineData("Failed", -1, "Submit")]
    [InlineData("Received", 1, "DownloadAgain")]
    [InlineData("Received", 8, "ReportExpired")]
    [InlineData("Completed", 1, "DownloadAgain")]
    [InlineData("Completed", -1, "Adopt")]
    [InlineData("Writing", 1, "DownloadAgain")]
    [InlineData("Writing", -1, "Adopt")]
    [InlineData("Queued", -1, "Adopt")]
    [InlineData("Unknown", -1, "ReportUnknown")]
    public void Force_replaces_what_is_there_and_pays_for_nothing_that_is_paid(string state, int age, string step) =>
        Assert.Equal(step, Decide(state, age, "SomethingElse", overwrite: true).ToString());

    [Theory]
    [InlineData("Received", 1)]
    [InlineData("Received", 8)]
    public void Force_does_not_replace_an_image_by_itself(string state, int age) =>
        Assert.Equal(NextStep.Skip, Decide(state, age, "ItsResult", overwrite: true));

    [Theory]
    [InlineData("Submitting", -1, Resubmit.Unknown)]
    [InlineData("Unknown", -1, Resubmit.Unknown)]
    [InlineData("Expired", -1, Resubmit.Expired)]
    [InlineData("Received", 8, Resubmit.Expired)]
    [InlineData("Failed", -1, Resubmit.Failed)]
    [InlineData("Rejected", -1, Resubmit.Failed)]
    public void What_may_cost_once_more_is_submitted_only_where_that_very_thing_is_asked_for(string state, int age, Resubmit needed)
    {
        const Resubmit All = Resubmit.Failed | Resubmit.Expired | Resubmit.Unknown;
        Assert.Equal(NextStep.Submit, Decide(state, age, "Nothing", resubmit: needed));
        Assert.Equal(NextStep.Submit, Decide(state, age, "Nothing", resubmit: All));
        Assert.NotEqual(NextStep.Submit, Decide(state, age, "Nothing", resubmit: All & ~needed));
        Assert.NotEqual(NextStep.Submit, Decide(state, age, "Nothing", resubmit: Resubmit.None));
    }

    [Fact]
    public void What_was_answered_without_a_name_is_there_or_unknown()
    {
        EditEntry nameless = Entry(EditState.Writing, -1) with { RequestId = null };
        Assert.Equal(NextStep.Confirm, ResumeDecision.Decide(nameless, DestinationState.ItsResult, false, Resubmit.None, Now));
        Assert.Equal(NextStep.ReportUnknown, ResumeDecision.Decide(nameless, DestinationState.Nothing, false, Resubmit.Failed | Resubmit.Expired, Now));
        Assert.Equal(NextStep.Submit, ResumeDecision.Decide(nameless, DestinationState.Nothing, false, Resubmit.Unknown, Now));
        foreach (EditState state in (EditState[])[EditState.Completed, EditState.Writing])
        {
            Assert.Equal(NextStep.DownloadAgain, ResumeDecision.Decide(Entry(state, 1) with { RequestId = null }, DestinationState.Nothing, false, Resubmit.None, Now));
        }
    }

    [Theory]
    [InlineData("Received", 1, "ItsResult")]
    [InlineData("Received", 1, "Nothing")]
    [InlineData("Queued", -1, "Nothing")]
    [InlineData("Processing", -1, "Nothing")]
    [InlineData("Completed", 1, "Nothing")]
    [InlineData("Completed", -1, "Nothing")]
    [InlineData("Completed", 1, "ItsResult")]
    [InlineData("Writing", 1, "Nothing")]
    [InlineData("Writing", -1, "Nothing")]
    [InlineData("Writing", 1, "ItsResult")]
    public void No_wish_submits_what_can_be_had_without(string state, int age, string there)
    {
        foreach (bool overwrite in (bool[])[false, true])
        {
            Assert.NotEqual(NextStep.Submit, Decide(state, age, there, overwrite, Resubmit.Failed | Resubmit.Expired | Resubmit.Unknown));
        }
    }

    [Fact]
    public void Every_state_has_a_row() =>
        Assert.Equal(Enum.GetNames<EditState>().Order(), Rows.Select(row => (string)row[0]).Where(state => state.Length > 0).Distinct().Order());

    [Fact]
    public void A_state_without_a_row_is_not_submitted() => Assert.Throws<ArgumentOutOfRangeException>(() => ResumeDecision.Decide(
        Entry((EditState)99, -1), DestinationState.Nothing, overwrite: true, Resubmit.Failed | Resubmit.Expired | Resubmit.Unknown, Now));

    private static NextStep Decide(string state, int age, string there, bool overwrite = false, Resubmit resubmit = Resubmit.Failed) =>
        ResumeDecision.Decide(state.Length == 0 ? null : Entry(Enum.Parse<EditState>(state), age), Enum.Parse<DestinationState>(there), overwrite, resubmit, Now);

    private static EditEntry Entry(EditState state, int age) => new()
    {
        Identity = "identity",
        State = state,
        Source = "a.png",
        Destination = "b.png",
        Endpoint = "https://api.segmind.com/",
        Model = "qwen-image-edit-fast",
        Prompt = "prompt",
        Fields = "{}",
        RequestId = "id-1",
        OutputUrl = age < 0 ? null : "https://images.segmind.com/b.png",
        Ended = age < 0 ? null : Now - TimeSpan.FromDays(age),
    };
}
