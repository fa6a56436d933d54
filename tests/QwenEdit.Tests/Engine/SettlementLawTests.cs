using QwenEdit.Engine;
using Xunit.Abstractions;

namespace QwenEdit.Tests.Engine;

/// <summary>The law, over random histories: no edit is given a job that is not its own, and none is released that has one.</summary>
public sealed class SettlementLawTests(ITestOutputHelper output)
{
    private const int Worlds = 4000;

    [Fact]
    public void No_edit_is_given_anothers_job_and_none_is_released_that_has_one()
    {
        Dictionary<Settled, int> counts = Enum.GetValues<Settled>().ToDictionary(outcome => outcome, _ => 0);
        for (int number = 0; number < Worlds; number++)
        {
            SettlementWorld world = new(number);
            foreach ((long id, Finding finding) in world.Settle())
            {
                string? job = world.JobOf(id);
                Assert.True(finding.Outcome != Settled.Adopt || finding.Candidates.Single().RequestId == job, $"World {number}: edit {id} is given another's job.");
                Assert.True(finding.Outcome != Settled.Release || job is null, $"World {number}: edit {id} is released and has a job.");
                counts[finding.Outcome]++;
            }
        }

        output.WriteLine(string.Join(", ", counts));
        // A settlement that never settles would keep the law too.
        Assert.All(counts.Values, count => Assert.True(count > Worlds / 20, string.Join(", ", counts)));
    }

    [Fact]
    public void A_whole_and_timely_history_settles_all_but_twins()
    {
        for (int number = 0; number < 500; number++)
        {
            SettlementWorld world = new(number, isFair: true);
            Assert.All(world.Settle(), edit => Assert.Equal(world.JobOf(edit.Key) is null ? Settled.Release : Settled.Adopt, edit.Value.Outcome));
        }
    }

    [Fact]
    public void How_the_rows_are_split_into_pages_changes_nothing()
    {
        for (int number = 0; number < 500; number++)
        {
            string whole = Findings(new SettlementWorld(number).Settle());
            for (int pageSize = 1; pageSize <= 12; pageSize++)
            {
                Assert.Equal(whole, Findings(new SettlementWorld(number).Settle(pageSize)));
            }
        }
    }

    private static string Findings(IReadOnlyDictionary<long, Finding> findings) => string.Join("\n", findings
        .OrderBy(edit => edit.Key)
        .Select(edit => $"{edit.Key}: {edit.Value.Outcome} {string.Join(" ", edit.Value.Candidates.Select(row => row.RequestId))} {edit.Value.Reason}"));
}
