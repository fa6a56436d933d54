using QwenEdit.Commands.Parameters;
using QwenEdit.Reconciliation;
using Xunit.Abstractions;

namespace QwenEdit.Tests.Reconciliation;

/// <summary>
/// The law, over random histories: no edit is given a job that is not its own, and none is released that has one. Where the history keeps no images, an
/// edit that made no job may be given the one request of another journal that nothing tells from its own.
/// </summary>
public sealed class RandomHistoryTests(ITestOutputHelper output)
{
    private const int Worlds = 4000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void No_edit_is_given_anothers_job_and_none_is_released_that_has_one(bool isSparse)
    {
        int indistinguishable = 0;
        int probable = 0;
        Dictionary<MatchOutcome, int> counts = Enum.GetValues<MatchOutcome>().ToDictionary(outcome => outcome, _ => 0);
        for (int number = 0; number < Worlds; number++)
        {
            RandomHistory fixture = new(number, isSparse: isSparse);
            foreach ((long id, HistoryMatch finding) in fixture.Settle())
            {
                string? job = fixture.JobOf(id);
                if (finding.Outcome == MatchOutcome.Adopt && finding.Candidates.Single().RequestId is var adopted && adopted != job)
                {
                    Assert.True(finding.IsProbable && fixture.IsIndistinguishable(id, adopted), $"World {number}: edit {id} is given another's job.");
                    indistinguishable++;
                }

                probable += finding is { Outcome: MatchOutcome.Adopt, IsProbable: true } ? 1 : 0;
                Assert.True(finding.Outcome != MatchOutcome.Release || job is null, $"World {number}: edit {id} is released and has a job.");
                counts[finding.Outcome]++;
            }
        }

        output.WriteLine($"{string.Join(", ", counts)}; {probable} adopted as probable, {indistinguishable} of them another's");
        // A settlement that never settles would keep the law too.
        Assert.All(counts.Values, count => Assert.True(count > Worlds / 20, string.Join(", ", counts)));
        Assert.True(!isSparse || probable - indistinguishable > Worlds / 100, $"{probable} adopted as probable, {indistinguishable} of them another's");
    }

    [Fact]
    public void A_whole_and_timely_history_settles_all_but_twins()
    {
        for (int number = 0; number < 500; number++)
        {
            RandomHistory fixture = new(number, isFair: true);
            Assert.All(fixture.Settle(), edit => Assert.Equal(fixture.JobOf(edit.Key) is null ? MatchOutcome.Release : MatchOutcome.Adopt, edit.Value.Outcome));
        }
    }

    [Fact]
    public void How_the_rows_are_split_into_pages_changes_nothing()
    {
        for (int number = 0; number < 500; number++)
        {
            string whole = Findings(new RandomHistory(number).Settle());
            for (int pageSize = 1; pageSize <= 12; pageSize++)
            {
                Assert.Equal(whole, Findings(new RandomHistory(number).Settle(pageSize)));
            }
        }
    }

    private static string Findings(IReadOnlyDictionary<long, HistoryMatch> findings) => string.Join("\n", findings
        .OrderBy(edit => edit.Key)
        .Select(edit => $"{edit.Key}: {edit.Value.Outcome} {string.Join(" ", edit.Value.Candidates.Select(row => row.RequestId))} {edit.Value.Reason}"));
}
