using System.Text.Json.Nodes;
using QwenEdit.Commands.Parameters;
using QwenEdit.Emulator;
using QwenEdit.Journal;
using QwenEdit.Reconciliation;
using static QwenEdit.Tests.Reconciliation.HistoryMatcherParts;

namespace QwenEdit.Tests.Reconciliation;

/// <summary>What the history says of an edit, case by case.</summary>
public sealed class HistoryMatcherTests
{
    [Fact]
    public void The_one_row_that_is_the_very_request_is_adopted()
    {
        HistoryMatch finding = Settle([Edit(1)], [], Read(Row("job", Edit(1))))[1];

        Assert.Equal(MatchOutcome.Adopt, finding.Outcome);
        Assert.Equal("job", Assert.Single(finding.Candidates).RequestId);
    }

    [Fact]
    public void An_accepted_request_is_shown_whether_its_id_is_dashed_or_not_and_in_any_case()
    {
        EditEntry accepted = Edit(2).AcceptedAs("0b0e7a7e-0000-4000-8000-00000000000a");

        HistoryMatch finding = Settle([Edit(1, prompt: "Make it red")], [accepted], Read(Row("0B0E7A7E00004000800000000000000A", accepted)))[1];

        Assert.Equal(MatchOutcome.Release, finding.Outcome);
    }

    [Theory]
    [InlineData("Make it \uFFFD")]
    [InlineData("\uFFFDake it blue")]
    public void A_text_that_is_damaged_in_the_history_may_be_the_edits(string prompt)
    {
        EditEntry accepted = Edit(2).AcceptedAs("known");

        HistoryMatch finding = Settle([Edit(1)], [accepted], Read(Row("known", accepted), Row("job", Edit(1)).With("prompt", prompt)))[1];

        Assert.Equal((MatchOutcome.Leave, "job"), (finding.Outcome, Assert.Single(finding.Candidates).RequestId));
    }

    [Fact]
    public void A_model_that_is_damaged_in_the_history_may_be_the_edits()
    {
        JsonObject row = Row("job", Edit(1));
        row["model_name"] = "qwen-image-\uFFFD";

        Assert.Equal(MatchOutcome.Adopt, Settle([Edit(1)], [], Read(row))[1].Outcome);
    }

    [Fact]
    public void It_is_adopted_at_once_though_the_settling_time_is_not_over() =>
        Assert.Equal(MatchOutcome.Adopt, Settle([Edit(1)], [], Read(Row("job", Edit(1))), Noon.AddSeconds(11))[1].Outcome);

    [Theory]
    [InlineData("prompt", "\"Make it red\"")]
    [InlineData("seed", "8")]
    [InlineData("steps", "9")]
    [InlineData("guidance", "2.5")]
    [InlineData("image_format", "\"webp\"")]
    [InlineData("quality", "91")]
    [InlineData("base64", "true")]
    public void A_row_with_another_value_is_anothers(string field, string value)
    {
        HistoryMatch finding = Settle([Edit(1)], [], Read(Row("other", Edit(1)).With(field, JsonNode.Parse(value))))[1];

        Assert.Equal((MatchOutcome.Leave, 0), (finding.Outcome, finding.Candidates.Count));
    }

    [Theory]
    [InlineData("guidance", "1.0")]
    [InlineData("guidance", "\"1\"")]
    [InlineData("base64", "\"False\"")]
    [InlineData("seed", "\"7\"")]
    public void A_value_may_be_written_otherwise(string field, string value) =>
        Assert.Equal(MatchOutcome.Adopt, Settle([Edit(1)], [], Read(Row("job", Edit(1)).With(field, JsonNode.Parse(value))))[1].Outcome);

    [Fact]
    public void A_row_with_another_whole_image_is_anothers() =>
        Assert.Empty(Settle([Edit(1)], [], Read(Row("other", Edit(1), Image(2))))[1].Candidates);

    // Without any of it the row may be adopted: see ProbableMatchTests.
    [Fact]
    public void With_a_part_of_the_image_a_row_is_no_more_than_a_candidate()
    {
        HistoryMatch finding = Settle([Edit(1)], [], Read(Row("job", Edit(1), keep: HistoryBody.Cut)))[1];

        Assert.Equal(MatchOutcome.Leave, finding.Outcome);
        Assert.Equal("job", Assert.Single(finding.Candidates).RequestId);
    }

    [Theory]
    [InlineData(HistoryBody.Cut)]
    [InlineData(HistoryBody.Omitted)]
    public void A_seed_that_was_drawn_tells_a_request_without_its_image(HistoryBody keep)
    {
        EditEntry edit = Edit(1, wish: -1, drawn: 123_456_789_012);

        Assert.Equal(MatchOutcome.Adopt, Settle([edit], [], Read(Row("job", edit, keep: keep)))[1].Outcome);
    }

    [Fact]
    public void A_remote_image_is_told_by_its_address()
    {
        EditEntry edit = Edit(1, imageUrl: "https://example.com/1.png");
        EditEntry other = Edit(2, imageUrl: "https://example.com/2.png");

        Assert.Equal(MatchOutcome.Adopt, Settle([edit], [], Read(Row("job", edit)))[1].Outcome);
        Assert.Empty(Settle([edit], [], Read(Row("other", other)))[1].Candidates);
    }

    [Theory]
    [InlineData("the prompt's beginning")]
    [InlineData("no body")]
    [InlineData("no time")]
    [InlineData("a field more")]
    [InlineData("a day early")]
    public void A_row_that_leaves_room_for_doubt_is_no_more_than_a_candidate(string doubt)
    {
        JsonObject row = Row("job", Edit(1));
        switch (doubt)
        {
            case "the prompt's beginning":
                row.With("prompt", "Make it…");
                break;
            case "no body":
                row.Remove("request_body");
                break;
            case "no time":
                row.Remove("model_created");
                break;
            case "a field more":
                row.With("strength", 0.5);
                break;
            default:
                row.At(Noon.AddDays(-1));
                break;
        }

        HistoryMatch finding = Settle([Edit(1)], [Edit(2, Image(2)).AcceptedAs("known")], Read(row, Row("known", Edit(2), Image(2))))[1];

        Assert.Equal(MatchOutcome.Leave, finding.Outcome);
        Assert.Equal("job", Assert.Single(finding.Candidates).RequestId);
    }

    [Fact]
    public void Of_two_rows_none_is_adopted() =>
        Assert.Equal(2, Settle([Edit(1)], [], Read(Row("a", Edit(1)), Row("b", Edit(1))))[1].Candidates.Count);

    [Fact]
    public void A_row_that_is_the_job_of_another_edit_or_was_is_not_adopted() =>
        Assert.Empty(Settle([Edit(1)], [], Read(Row("past", Edit(1))), null, "past")[1].Candidates);

    [Fact]
    public void A_row_that_two_edits_match_is_given_to_neither()
    {
        IReadOnlyDictionary<long, HistoryMatch> findings = Settle([Edit(1), Edit(2)], [], Read(Row("job", Edit(1))));

        Assert.All(findings.Values, finding => Assert.Equal(MatchOutcome.Leave, finding.Outcome));
    }

    [Fact]
    public void An_edit_that_is_on_its_way_just_now_keeps_its_row_from_another()
    {
        EditEntry onItsWay = Edit(2) with { State = EditState.Submitting, SentUntil = null };

        Assert.Equal(MatchOutcome.Leave, Settle([Edit(1), onItsWay], [], Read(Row("job", Edit(1))))[1].Outcome);
    }

    [Fact]
    public void Without_a_row_it_is_released_when_the_history_shows_what_was_accepted_around_then() =>
        Assert.Equal(MatchOutcome.Release, Settle([Edit(1)], [Edit(2, Image(2)).AcceptedAs("known")], Read(Row("known", Edit(2), Image(2))))[1].Outcome);

    [Fact]
    public void It_is_not_released_before_the_settling_time_is_over()
    {
        EditEntry known = Edit(2, Image(2)) with { Submitting = Noon.AddMinutes(-30) };

        MatchOutcome Outcome(DateTimeOffset askedAt) => Settle([Edit(1)], [known.AcceptedAs("known")], Read(Row("known", known, Image(2))), askedAt)[1].Outcome;

        Assert.Equal(MatchOutcome.Leave, Outcome(Noon + SettlingTime));
        Assert.Equal(MatchOutcome.Release, Outcome(Noon + SettlingTime + TimeSpan.FromSeconds(10)));
    }

    public static TheoryData<string> Doubtful => ["nothing of ours", "one is missing", "another time", "unrecognised", "clocks apart", "too young", "another model"];

    [Theory]
    [MemberData(nameof(Doubtful))]
    public void A_history_that_is_not_seen_to_be_whole_proves_nothing(string why)
    {
        EditEntry known = Edit(2, Image(2)).AcceptedAs("known");
        List<EditEntry> accepted = [known];
        JsonObject row = Row("known", known, Image(2));
        switch (why)
        {
            case "nothing of ours":
                accepted.Clear();
                break;
            case "one is missing":
                accepted.Add(Edit(3, Image(3)).AcceptedAs("missing"));
                break;
            case "another time":
                accepted[0] = (Edit(2, Image(2)) with { Submitting = Noon.AddHours(-2) }).AcceptedAs("known");
                row.At(Noon.AddHours(-2));
                break;
            case "unrecognised":
                row["model_name"] = "Qwen Image Edit";
                break;
            case "clocks apart":
                row.At(Noon.AddMinutes(30));
                break;
            case "too young":
                accepted[0] = (Edit(2, Image(2)) with { Submitting = Noon.AddMinutes(55) }).AcceptedAs("known");
                row.At(Noon.AddMinutes(55));
                break;
            default:
                accepted[0] = known with { Model = "another" };
                row["model_name"] = "another";
                break;
        }

        Assert.Equal(MatchOutcome.Leave, Settle([Edit(1)], accepted, Read(row))[1].Outcome);
    }

    // What can't be told apart need not be: the other's image is this edit's image too, and nothing is billed for it.
    [Fact]
    public void The_very_same_request_of_another_journal_is_as_good_as_its_own() =>
        Assert.Equal(MatchOutcome.Adopt, Settle([Edit(1)], [], Read(Row("anothers", Edit(99))))[1].Outcome);
}
