using System.Globalization;
using System.Text.Json.Nodes;
using QwenEdit.Commands.Parameters;
using QwenEdit.Emulator;
using QwenEdit.Emulator.Faults;
using QwenEdit.Journal;
using QwenEdit.Reconciliation;
using QwenEdit.Runs;
using QwenEdit.Tests.Support;
using Xunit.Abstractions;
using static QwenEdit.Tests.Reconciliation.HistoryMatcherParts;

namespace QwenEdit.Tests.Reconciliation;

/// <summary>What is alive in the whole process while a long history is read: so nothing else may run beside it.</summary>
[CollectionDefinition(nameof(HistoryMatcherMemoryTests), DisableParallelization = true)]
[Collection(nameof(HistoryMatcherMemoryTests))]
public sealed class HistoryMatcherMemoryTests(ITestOutputHelper output)
{
    private const int Pages = 200;
    private const int PageSize = 100;
    private const long Allowance = 4L << 20;

    [Fact]
    public async Task Of_20_000_rows_that_are_others_nothing_but_their_digests_is_kept()
    {
        List<long> alive = [];
        await using RawServer server = new(async (request, connection) =>
        {
            int page = int.Parse(request.Path.Split("page=")[1].Split('&')[0], CultureInfo.InvariantCulture);
            if (page is 2 or Pages + 1)
            {
                alive.Add(GC.GetTotalMemory(forceFullCollection: true));
            }

            await connection.AnswerAsync(new RawAnswer(200, page > Pages ? """{"data": []}""" : OthersPage(page), Headers: ("Date", Noon.ToString("R", CultureInfo.InvariantCulture))));
        });
        await using ReconcilerFixture fixture = await ReconcilerFixture.StartAsync();
        await fixture.LoseAsync(1, FaultKind.ResetAfterReading);
        fixture.History = server.Url;

        EndedEdit edit = await fixture.RunAsync(1);

        Assert.Contains("shows no such request yet", edit.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(Pages + 1, server.Requests.Count);
        AssertSmall(alive[1] - alive[0]);
    }

    [Fact]
    public void Of_20_000_edits_that_were_accepted_and_are_shown_only_that_is_kept()
    {
        HistoryMatcher settlement = new([Edit(1)], SettlingTime) { AskedAt = Noon.AddHours(1) };
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int id = 2; id < Pages * PageSize; id++)
        {
            EditEntry known = Edit(id, Image(2)).AcceptedAs($"known-{id}");
            settlement.See(Read(Row(known.RequestId!, known, Image(2))), new Dictionary<string, EditEntry?> { [known.RequestId!] = known });
            settlement.Expect(known);
        }

        long kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.Equal(MatchOutcome.Release, settlement.Decide([Edit(1)], new Dictionary<string, EditEntry?>())[1].Outcome);
        AssertSmall(kept);
    }

    [Fact]
    public void Of_edits_and_rows_that_can_not_be_told_apart_each_keeps_a_few()
    {
        const int Alike = 1000;
        EditEntry[] edits = [.. Enumerable.Range(1, Alike).Select(id => Edit(id))];
        HistoryMatcher settlement = new(edits, SettlingTime) { AskedAt = Noon.AddHours(1) };
        settlement.See(
            Read(Enumerable.Range(1, Alike).Select(id => Row($"job-{id}", Edit(id), keep: HistoryBody.Omitted).At(Noon.AddMilliseconds(id)))),
            new Dictionary<string, EditEntry?>());
        long before = GC.GetTotalMemory(forceFullCollection: true);

        IReadOnlyDictionary<long, HistoryMatch> findings = settlement.Decide(edits, new Dictionary<string, EditEntry?>());

        long kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.All(findings.Values, finding =>
        {
            Assert.Equal((MatchOutcome.Leave, Alike - 5), (finding.Outcome, finding.Others));
            Assert.Equal(["job-1", "job-2", "job-3", "job-4", "job-5"], finding.Candidates.Select(row => row.RequestId));
        });
        AssertSmall(kept);
    }

    private static string OthersPage(int page)
    {
        JsonNode[] rows =
        [
            .. Enumerable.Range(page * PageSize, PageSize).Select(number => Row($"{Guid.NewGuid()}", Edit(number, prompt: $"Make it number {number}"))),
        ];
        return new JsonObject { ["data"] = new JsonArray(rows) }.ToJsonString();
    }

    private void AssertSmall(long kept)
    {
        output.WriteLine($"{kept / 1024:N0} KiB are kept.");
        Assert.True(kept < Allowance, $"{kept} bytes are kept.");
    }
}
