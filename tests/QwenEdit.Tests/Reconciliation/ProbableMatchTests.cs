using System.Text.Json.Nodes;
using QwenEdit.Commands.Parameters;
using QwenEdit.Emulator;
using QwenEdit.Emulator.Jobs;
using QwenEdit.Journal;
using QwenEdit.Reconciliation;
using static QwenEdit.Tests.Reconciliation.HistoryMatcherParts;

namespace QwenEdit.Tests.Reconciliation;

/// <summary>
/// A history that keeps no images, and an edit whose seed many edits have: one row with its fields and its time is adopted, and anything less is left.
/// Each doubt here is a way in which the row may be the job of another edit, of this machine or of another one with the same account.
/// </summary>
public sealed class ProbableMatchTests
{
    private static readonly TimeSpan Sending = TimeSpan.FromSeconds(10);

    [Fact]
    public void The_only_row_is_adopted()
    {
        HistoryMatch finding = Settle([Edit(1)], [], Read(Job()))[1];

        Assert.Equal((MatchOutcome.Adopt, "job", true), (finding.Outcome, Assert.Single(finding.Candidates).RequestId, finding.IsProbable));
    }

    [Fact]
    public void The_only_row_is_adopted_where_the_image_was_named_by_its_address()
    {
        EditEntry edit = Edit(1, imageUrl: "https://example.com/1.png");
        JsonObject row = Row("job", edit);
        row["request_body"]!.AsObject().Remove("image");

        Assert.Equal(MatchOutcome.Adopt, Settle([edit], [], Read(row))[1].Outcome);
    }

    [Fact]
    public void The_only_row_is_adopted_where_the_history_names_the_image_as_null() =>
        Assert.Equal(MatchOutcome.Adopt, Settle([Edit(1)], [], Read(Job().With("image", null)))[1].Outcome);

    [Fact]
    public void It_is_adopted_only_after_the_settling_time()
    {
        HistoryMatch At(TimeSpan afterNoon) => Settle([Edit(1)], [], Read(Job()), Noon + afterNoon)[1];

        HistoryMatch early = At(SettlingTime + Sending - TimeSpan.FromSeconds(1));
        Assert.Equal((MatchOutcome.Leave, "job"), (early.Outcome, Assert.Single(early.Candidates).RequestId));
        Assert.Contains("another may come late: ask again in 1 minutes", early.Reason, StringComparison.Ordinal);
        Assert.Equal(MatchOutcome.Adopt, At(SettlingTime + Sending).Outcome);
    }

    [Fact]
    public void It_is_not_adopted_where_the_history_has_no_date()
    {
        HistoryMatcher settlement = Seen(Job());
        settlement.AskedAt = null;

        Assert.Contains("no date", Left(settlement).Reason, StringComparison.Ordinal);
    }

    public static TheoryData<string> Doubts =>
    [
        "a cut image", "another kind of image", "a cut prompt", "a damaged prompt", "no model", "a damaged model", "no prompt", "no seed", "a field more",
        "no body", "no time",
    ];

    [Theory]
    [MemberData(nameof(Doubts))]
    public void A_row_that_does_not_tell_all_is_left(string doubt)
    {
        JsonObject row = Job();
        JsonObject body = row["request_body"]!.AsObject();
        switch (doubt)
        {
            case "a cut image":
                row = Row("job", Edit(1), keep: HistoryBody.Cut);
                break;
            case "another kind of image":
                body["image"] = "[removed]";
                break;
            case "a cut prompt":
                body["prompt"] = "Make it";
                break;
            case "a damaged prompt":
                body["prompt"] = "Make it \uFFFD";
                break;
            case "no model":
                row.Remove("model_name");
                break;
            case "a damaged model":
                row["model_name"] = "qwen-image-\uFFFD";
                break;
            case "no prompt":
                body.Remove("prompt");
                break;
            case "no seed":
                body.Remove("seed");
                break;
            case "a field more":
                body["strength"] = 0.5;
                break;
            case "no body":
                row.Remove("request_body");
                break;
            default:
                row.Remove("model_created");
                break;
        }

        Assert.Equal("job", Assert.Single(Left(Seen(row)).Candidates).RequestId);
    }

    [Fact]
    public void A_prompt_that_was_damaged_before_it_was_sent_is_left()
    {
        EditEntry edit = Edit(1, prompt: "Make it \uFFFD");

        Assert.Equal(MatchOutcome.Leave, Settle([edit], [], Read(Row("job", edit, keep: HistoryBody.Omitted)))[1].Outcome);
    }

    // Two minutes before it was sent until two minutes after it was given up.
    [Theory]
    [InlineData(-121, false)]
    [InlineData(-120, true)]
    [InlineData(130, true)]
    [InlineData(131, false)]
    public void A_row_of_another_time_by_this_machines_clock_is_left(int seconds, bool isAdopted) =>
        Assert.Equal(isAdopted ? MatchOutcome.Adopt : MatchOutcome.Leave, Settle([Wide()], [], Read(Job().At(Noon.AddSeconds(seconds))), Noon.AddHours(2))[1].Outcome);

    [Theory]
    [InlineData(300, 600, false)]
    [InlineData(121, 600, true)]
    [InlineData(-600, -300, false)]
    public void A_row_of_another_time_by_the_services_clock_is_left(int before, int asked, bool isAdopted)
    {
        EditEntry edit = Edit(1) with { ServiceNotBefore = Noon.AddSeconds(before), ServiceNotAfter = Noon.AddSeconds(asked) };

        Assert.Equal(isAdopted ? MatchOutcome.Adopt : MatchOutcome.Leave, Settle([edit], [], Read(Job()))[1].Outcome);
    }

    // Another machine that works with the same prompt makes more than one job, as a rule.
    [Theory]
    [InlineData(1)]
    [InlineData(20 * 60)]
    public void A_row_is_left_beside_another_that_is_like_it(int secondsLater)
    {
        HistoryMatch finding = Settle(
            [Wide()], [], Read(Job(), Row("anothers", Edit(1), keep: HistoryBody.Omitted).At(Noon.AddSeconds(secondsLater))), Noon.AddHours(2))[1];

        Assert.Equal((MatchOutcome.Leave, 2), (finding.Outcome, finding.Candidates.Count));
    }

    [Theory]
    [InlineData(EditState.Unknown)]
    [InlineData(EditState.Submitting)]
    public void A_row_that_another_unanswered_edit_may_have_is_left(EditState state)
    {
        EditEntry other = Edit(2) with { State = state, SentUntil = state == EditState.Unknown ? Noon.AddMinutes(6) : null, Submitting = Noon.AddMinutes(5) };

        Assert.Equal(MatchOutcome.Leave, Settle([Edit(1), other], [], Read(Job()))[1].Outcome);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(30, true)]
    public void A_row_that_may_be_of_an_edit_whose_job_has_no_id_is_left(int minutesBefore, bool isAdopted)
    {
        DateTimeOffset sent = Noon.AddMinutes(-minutesBefore);
        HistoryMatcher settlement = Seen(Job());
        settlement.Contest(Edit(2) with { State = EditState.Received, Submitting = sent, Submitted = sent, SentUntil = null, ServiceNotAfter = null });

        Assert.Equal(isAdopted ? MatchOutcome.Adopt : MatchOutcome.Leave, Decide(settlement).Outcome);
    }

    // Its edit was removed, or submitted again: see LostRequestTests.
    [Theory]
    [InlineData(2, false)]
    [InlineData(1, true)]
    public void A_row_that_may_be_of_a_lost_request_is_left_unless_the_same_edit_sent_it(long sentBy, bool isAdopted)
    {
        HistoryMatcher settlement = Seen(Job());
        settlement.Contest(Edit(sentBy) with { ServiceNotAfter = null });

        Assert.Equal(isAdopted ? MatchOutcome.Adopt : MatchOutcome.Leave, Decide(settlement).Outcome);
    }

    // This machine's clock was wrong when both were sent: by it, the row is near the edit only.
    [Theory]
    [InlineData(40, false)]
    [InlineData(-40, true)]
    public void Only_the_services_clock_tells_that_a_row_is_not_of_a_lost_request(int askedMinutes, bool isAdopted)
    {
        HistoryMatcher settlement = Seen(Job());
        settlement.Contest(Edit(2) with
        {
            Submitting = Noon.AddMinutes(-50),
            SentUntil = Noon.AddMinutes(-49),
            ServiceNotAfter = Noon.AddMinutes(askedMinutes),
        });

        Assert.Equal(isAdopted ? MatchOutcome.Adopt : MatchOutcome.Leave, Decide(settlement).Outcome);
    }

    [Fact]
    public void A_row_is_left_where_the_history_does_not_show_what_was_accepted_around_then()
    {
        EditEntry known = Edit(2, prompt: "Make it red").AcceptedAs("known");

        Assert.Contains("proves nothing", Settle([Edit(1)], [known], Read(Job()))[1].Reason, StringComparison.Ordinal);
        Assert.Equal(MatchOutcome.Adopt, Settle([Edit(1)], [known], Read(Job(), Row("known", known, keep: HistoryBody.Omitted)))[1].Outcome);
    }

    [Fact]
    public void A_row_is_left_where_a_record_of_its_time_could_not_be_read()
    {
        HistoryMatcher settlement = Seen(Job());
        settlement.Miss(Noon.UtcDateTime.Date, Noon.UtcDateTime.Date);

        Assert.Contains("too large to be read", Left(settlement).Reason, StringComparison.Ordinal);
    }

    // The limit of it: nothing tells this request from another journal's of the same minutes whose image is another one. docs/reliability.md names it.
    [Fact]
    public void The_same_fields_of_another_journal_in_the_same_minutes_are_taken_for_the_edits() =>
        Assert.Equal(MatchOutcome.Adopt, Settle([Edit(1)], [], Read(Row("anothers", Edit(99), Image(2), HistoryBody.Omitted).At(Noon.AddMinutes(1))))[1].Outcome);

    private static JsonObject Job() => Row("job", Edit(1), keep: HistoryBody.Omitted);

    // One that was asked about for the first time an hour later.
    private static EditEntry Wide() => Edit(1) with { ServiceNotAfter = Noon.AddHours(1) };

    private static HistoryMatcher Seen(JsonObject row)
    {
        HistoryMatcher settlement = new([Edit(1)], SettlingTime) { AskedAt = Noon.AddHours(1) };
        settlement.See(Read(row), new Dictionary<string, EditEntry?>());
        return settlement;
    }

    private static HistoryMatch Decide(HistoryMatcher settlement) => settlement.Decide([Edit(1)], new Dictionary<string, EditEntry?>())[1];

    private static HistoryMatch Left(HistoryMatcher settlement)
    {
        HistoryMatch finding = Decide(settlement);
        Assert.Equal(MatchOutcome.Leave, finding.Outcome);
        return finding;
    }
}
