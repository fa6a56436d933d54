using QwenEdit.Journal;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Journal;

/// <summary>The charges of the journal: one for each job that was paid for, whatever becomes of its edit.</summary>
public sealed class ChargeTests : IDisposable
{
    private const string Url = "https://images.example/a.png";
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_000_000);
    private static readonly FileRecord File = new(1, 2, "hash");

    private readonly TestFolder _folder = new();
    private readonly OpenJournal _journal;
    private readonly EditJournal _edits;

    public ChargeTests()
    {
        _journal = new OpenJournal(_folder.At("journal.db"));
        _edits = new EditJournal(_journal.Store, _journal.Presence, run: 7) { Account = "account" };
    }

    public void Dispose()
    {
        _journal.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_charge_says_what_was_paid_for_which_job_of_which_account_and_run()
    {
        EditEntry entry = Submit("job");
        _edits.Completed(entry, Now, Url, 0.02m, 9, 1, 2);

        Assert.Equal([$"{entry.Id} 1 7 {entry.Endpoint} account {entry.Model} job 0.02 1000000"], Charges());
    }

    [Fact]
    public void A_job_is_charged_once()
    {
        EditEntry entry = Submit("0b0e7a7e-0000-4000-8000-00000000000a");
        _edits.Completed(entry, Now, null, null, null, null, null);
        Assert.Empty(Charges());
        _edits.Completed(entry, Now, Url, 0.02m, 9, 1, 2);
        _edits.Completed(entry, Now.AddHours(1), Url, 0.03m, 9, 1, 2);
        _edits.Completed(entry with { RequestId = "0B0E7A7E00004000800000000000000A" }, Now, Url, 0.02m, 9, 1, 2);

        Assert.Single(Charges());
    }

    [Fact]
    public void A_job_without_an_id_is_charged_once_for_each_attempt()
    {
        EditEntry entry = Submit(null);
        for (int times = 0; times < 2; times++)
        {
            _edits.Answered(entry, null, Now, Url, 0.02m, 9, 2);
        }

        _edits.Expired(entry, "gone");
        _edits.Submitting(entry, 1, Now);
        _edits.Answered(entry, null, Now, null, 0.03m, 9, 2, File);

        Assert.Equal(["1 0.02", "2 0.03"], Charges().Select(charge => $"{charge.Split(' ')[1]} {charge.Split(' ')[^2]}"));
    }

    [Fact]
    public void A_job_whose_id_is_found_after_its_charge_is_charged_once()
    {
        EditEntry entry = Submit(null);
        entry = _edits.Answered(entry, null, Now, null, 0.02m, 9, 2, File);
        entry = _edits.Unknown(entry, "The image was lost.");
        entry = _edits.Submitted(entry, "job", Now);
        _edits.Completed(entry, Now, Url, 0.02m, 9, 1, 2);

        Assert.Single(Charges());
    }

    [Fact]
    public void Another_job_of_an_attempt_is_charged_besides_the_one_without_an_id()
    {
        EditEntry entry = Submit(null);
        _edits.Answered(entry, null, Now, null, 0.02m, 9, 2, File);
        _edits.Received(entry, File);
        _edits.Release(entry);

        Assert.Throws<QwenEditException>(() => _edits.Answered(entry, "job", Now, Url, 0.03m, 9, 2));

        Assert.Equal(2, Charges().Count);
    }

    [Fact]
    public void What_was_paid_stays_when_the_edit_is_submitted_again_or_removed()
    {
        EditEntry entry = Submit("first");
        _edits.Completed(entry, Now, Url, 0.05m, 9, 1, 2);
        _edits.Expired(entry, "gone");
        _edits.Submitting(entry, 1, Now);
        Assert.Null(_edits.Find(entry.Id).Cost);
        Assert.Equal((0.05m, 0.05m), _edits.RecentCost(entry.Endpoint, entry.Model));

        entry = _edits.Submitted(entry, "second", Now);
        _edits.Completed(entry, Now, Url, 0.03m, 9, 1, 2);
        _edits.Remove(entry);

        Assert.Equal((0.05m, 0.04m), _edits.RecentCost(entry.Endpoint, entry.Model));
        Assert.True(Submit("third", "another").Id > entry.Id);
    }

    [Fact]
    public void The_cost_of_a_job_that_its_edit_does_not_have_any_more_is_charged()
    {
        EditEntry entry = Submit("first");
        EditEntry first = _edits.Find(entry.Id);
        _edits.Expired(entry, "gone");
        _edits.Submitting(entry, 1, Now);
        _edits.Submitted(entry, "second", Now);
        _edits.Release(entry);

        Assert.Throws<QwenEditException>(() => _edits.Completed(first, Now, Url, 0.02m, 9, 1, 2));

        Assert.Contains(" first 0.02 ", Assert.Single(Charges()), StringComparison.Ordinal);
        Assert.Null(_edits.Find(entry.Id).Cost);
    }

    [Theory]
    [InlineData("BEFORE INSERT ON charge")]
    [InlineData("AFTER UPDATE OF cost ON edit")]
    public void A_cost_is_recorded_with_its_charge_or_not_at_all(string moment)
    {
        EditEntry entry = _edits.Find(Submit("job").Id);
        _journal.Store.Write(connection => connection.Execute($"CREATE TRIGGER full {moment} BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END"));

        Assert.Throws<QwenEditException>(() => _edits.Completed(entry, Now, Url, 0.02m, 9, 1, 2));

        Assert.Empty(Charges());
        Assert.Equal(entry, _edits.Find(entry.Id));
    }

    [Theory]
    [InlineData("UPDATE charge SET credits = 0")]
    [InlineData("DELETE FROM charge")]
    public void Charges_are_only_added(string sql)
    {
        EditEntry entry = Submit("job");
        _edits.Completed(entry, Now, Url, 0.02m, 9, 1, 2);

        Assert.Throws<QwenEditException>(() => _journal.Store.Write(connection => connection.Execute(sql)));

        Assert.Single(Charges());
    }

    [Fact]
    public void The_recent_cost_is_that_of_the_last_fifty_charges()
    {
        for (int number = 0; number < 60; number++)
        {
            EditEntry entry = Submit($"job {number}", $"{number}");
            _edits.Completed(entry, Now.AddSeconds(-number), Url, number < 50 ? 0.02m : 1m, 9, 1, 2);
        }

        EditEntry any = OpenJournal.Edit();
        Assert.Equal((0.02m, 0.02m), _edits.RecentCost(any.Endpoint, any.Model));
        Assert.Null(_edits.RecentCost(any.Endpoint, "another model"));
    }

    private EditEntry Submit(string? requestId, string identity = "identity")
    {
        Assert.True(_edits.TryClaim(OpenJournal.Edit(identity), out EditEntry entry, out _));
        entry = _edits.Submitting(entry, 1, Now);
        return requestId is null ? entry : _edits.Submitted(entry, requestId, Now);
    }

    private List<string> Charges() => _journal.Store.Read(connection => connection.Query(
        "SELECT edit || ' ' || attempt || ' ' || run || ' ' || endpoint || ' ' || account || ' ' || model || ' ' || coalesce(request_id, '') || ' ' || credits || ' ' || charged FROM charge ORDER BY id",
        row => row.GetString(0)));
}
