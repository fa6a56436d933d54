using QwenEdit.Journal;
using QwenEdit.Tests.Support;
using static QwenEdit.Tests.Reconciliation.HistoryMatcherParts;

namespace QwenEdit.Tests.Reconciliation;

/// <summary>What the journal keeps for settling: whose an edit is, and until when its request may have been on its way.</summary>
public sealed class ReconcilerJournalTests : IDisposable
{
    private const string Account = "0123abcd";
    private static readonly FileRecord File = new(1, 2, "hash");

    private readonly TestFolder _folder = new();
    private readonly SkippingClock _clock = new();
    private readonly JournalStore _store;
    private readonly SessionLease _first;
    private readonly SessionLease _second;

    public ReconcilerJournalTests()
    {
        _store = JournalStore.Open(_folder.At("journal.db"));
        _first = new SessionLease(_store, _clock);
        _second = new SessionLease(_store, _clock);
    }

    [Fact]
    public void A_request_that_is_let_go_of_on_its_way_is_unknown_since_then()
    {
        EditEntry edit = Send(out EditJournal journal);
        _clock.Advance(TimeSpan.FromMinutes(1));

        journal.Release(edit);

        EditEntry left = Assert.Single(Book().Unanswered());
        Assert.Equal((EditState.Unknown, null, _clock.GetUtcNow()), (left.State, left.Owner, left.SentUntil));
    }

    [Fact]
    public void What_another_living_session_sends_is_on_its_way_still()
    {
        EditEntry edit = Send(out _);

        EditEntry sent = Assert.Single(Book().Unanswered());

        Assert.Equal((EditState.Submitting, edit.Owner, null), (sent.State, sent.Owner, sent.SentUntil));
    }

    [Theory]
    [InlineData(30, 30)]
    [InlineData(300, 60)]
    public void What_a_dead_session_left_may_have_been_on_its_way_until_now_or_for_an_hour(int minutesLater, int silentAfter)
    {
        Send(out _);
        DateTimeOffset sent = _clock.GetUtcNow();
        _first.File.Dispose();
        _clock.Advance(TimeSpan.FromMinutes(minutesLater));

        EditEntry left = Assert.Single(Book().Unanswered());

        Assert.Equal((EditState.Unknown, sent.AddMinutes(silentAfter)), (left.State, left.SentUntil));
    }

    [Fact]
    public void Another_accounts_edits_are_not_in_its_book()
    {
        EditEntry edit = Send(out EditJournal journal);
        journal.Unknown(edit, "no answer");
        AccountJournal anothers = new(_store, _second, edit.Endpoint, "another");

        Assert.Empty(anothers.Unanswered());
        Assert.Single(Book().Unanswered());
        Assert.False(anothers.Has(journal.Find(edit.Id)));
        Assert.True(Book().Has(journal.Find(edit.Id)));
    }

    [Fact]
    public void Jobs_that_edits_had_are_owned_still_when_they_were_sent_again_or_forgotten()
    {
        EditEntry edit = Send(out EditJournal journal);
        journal.Submitted(edit, "first", _clock.GetUtcNow());
        journal.Expired(edit, "gone");
        journal.Submitting(edit, 7, _clock.GetUtcNow());
        journal.Submitted(edit, "second", _clock.GetUtcNow());
        AssertOwned("first", "second");
        Assert.Equal(edit.Id, Book().Owned(["second"])["second"]!.Id);
        Assert.Null(Book().Owned(["first"])["first"]);

        journal.Remove(edit);

        AssertOwned("first", "second");
        Assert.Null(Book().Owned(["second"])["second"]);
    }

    [Fact]
    public void A_job_is_owned_whether_its_id_is_dashed_or_not_and_in_any_case()
    {
        const string First = "0b0e7a7e-0000-4000-8000-00000000000a";
        const string Second = "0B0E7A7E00004000800000000000000B";
        EditEntry edit = Send(out EditJournal journal);
        journal.Submitted(edit, First, _clock.GetUtcNow());
        journal.Expired(edit, "gone");
        journal.Submitting(edit, 7, _clock.GetUtcNow());
        journal.Submitted(edit, Second, _clock.GetUtcNow());

        IReadOnlyDictionary<string, EditEntry?> owned = Book().Owned(["0B0E7A7E00004000800000000000000A", "0b0e7a7e-0000-4000-8000-00000000000b"]);

        Assert.Equal(2, owned.Count);
        Assert.Null(owned[First]);
        Assert.Equal(edit.Id, owned[Second]!.Id);
        Assert.Equal(Second, journal.FindByRequest("0b0e7a7e-0000-4000-8000-00000000000b")!.RequestId);
    }

    [Fact]
    public void Accepted_edits_are_found_by_the_time_of_their_acceptance()
    {
        EditEntry edit = Send(out EditJournal journal);
        DateTimeOffset now = _clock.GetUtcNow();
        journal.Submitted(edit, "job", now);

        Assert.Equal("job", Assert.Single(Accepted(now, now)).RequestId);
        Assert.Empty(Accepted(now.AddSeconds(1), now.AddHours(1)));
        Assert.Empty(Accepted(now.AddHours(-1), now.AddSeconds(-1)));
    }

    public static TheoryData<string, bool> Nameless => new()
    {
        { "answered without an id", true },
        { "answered with an id", false },
        { "unknown", false },
        { "unknown, with another key", true },
        { "lost after an answer without an id", false },
        { "refused", false },
    };

    // A job whose id is not known, and that is not sought itself.
    [Theory]
    [MemberData(nameof(Nameless))]
    public void A_job_is_nameless_if_it_is_not_known_by_its_id(string what, bool isNameless)
    {
        EditEntry edit = Send(out EditJournal journal, what.EndsWith("key", StringComparison.Ordinal) ? "another" : Account);
        DateTimeOffset now = _clock.GetUtcNow();
        switch (what)
        {
            case "answered without an id":
                journal.Answered(edit, null, now, null, null, null, null, File);
                break;
            case "answered with an id":
                journal.Answered(edit, "job", now, null, null, null, null);
                break;
            case "lost after an answer without an id":
                journal.Answered(edit, null, now, null, null, null, null, File);
                journal.Unknown(edit, "lost");
                break;
            case "refused":
                journal.Rejected(edit, "no");
                break;
            default:
                journal.Unknown(edit, "no answer");
                break;
        }

        List<EditEntry> nameless = [];
        Assert.Equal(0, Book().Nameless(now.AddSeconds(1), now.AddHours(1), nameless.Add));
        Assert.Equal(isNameless ? 1 : 0, Book().Nameless(now, now, nameless.Add));
        Assert.Equal(isNameless ? [edit.Id] : [], nameless.Select(found => found.Id));
    }

    [Theory]
    [InlineData("removed", true)]
    [InlineData("submitted again", true)]
    [InlineData("removed while it was sent", true)]
    [InlineData("answered without an id, then removed", true)]
    [InlineData("accepted, then removed", false)]
    [InlineData("refused, then submitted again", false)]
    [InlineData("released, then removed", false)]
    [InlineData("not sent, then removed", false)]
    public void A_request_is_lost_if_its_job_is_not_known_and_its_edit_is_gone(string what, bool isLost)
    {
        EditEntry edit = Send(out EditJournal journal);
        DateTimeOffset sent = _clock.GetUtcNow();
        switch (what.Split(',')[0])
        {
            case "removed" or "submitted again":
                journal.Unknown(edit, "no answer");
                break;
            case "answered without an id":
                journal.Answered(edit, null, sent, null, null, null, null, File);
                break;
            case "accepted":
                journal.Submitted(edit, "job", sent);
                break;
            case "refused":
                journal.Rejected(edit, "no");
                break;
            case "released":
                journal.Unknown(edit, "no answer");
                journal.NoJob(edit);
                break;
            case "not sent":
                journal.NoJob(edit);
                break;
        }

        EditEntry before = journal.Find(edit.Id);
        if (what.EndsWith("again", StringComparison.Ordinal))
        {
            journal.Submitting(edit, 8, sent.AddDays(1));
        }
        else
        {
            journal.Remove(edit);
        }

        if (!isLost)
        {
            Assert.Empty(NamelessAt(sent));
            return;
        }

        EditEntry lost = Assert.Single(NamelessAt(sent));
        Assert.Equal(
            (before.Identity, before.Fields, before.Seed, before.Submitting, before.Submitted, before.SentUntil),
            (lost.Identity, lost.Fields, lost.Seed, lost.Submitting, lost.Submitted, lost.SentUntil));
        Assert.Equal((before.Endpoint, before.Model, before.Destination), (lost.Endpoint, lost.Model, lost.Destination));
        Assert.Empty(NamelessAt(sent.AddHours(-1)));
    }

    [Fact]
    public void A_lost_request_keeps_the_dates_and_the_address_that_tell_which_row_it_is()
    {
        EditEntry edit = Send(out EditJournal journal);
        journal.Submitted(edit, "first", _clock.GetUtcNow(), _clock.GetUtcNow().AddMinutes(-3));
        journal.Expired(edit, "gone");
        journal.Submitting(edit, 7, _clock.GetUtcNow(), "https://images.example/1.png");
        journal.Unknown(edit, "no answer");
        Book().Asked(Book().Unanswered(), _clock.GetUtcNow().AddMinutes(5));
        EditEntry before = journal.Find(edit.Id);

        journal.Remove(edit);

        EditEntry lost = Assert.Single(NamelessAt(_clock.GetUtcNow()));
        Assert.Equal((before.ImageUrl, before.ServiceNotBefore, before.ServiceNotAfter), (lost.ImageUrl, lost.ServiceNotBefore, lost.ServiceNotAfter));
        Assert.NotNull(lost.ServiceNotBefore);
        Assert.NotNull(lost.ServiceNotAfter);
        Assert.NotNull(lost.ImageUrl);
    }

    [Fact]
    public void A_lost_request_is_removed_after_thirty_days_unless_an_older_edit_is_unanswered()
    {
        EditEntry edit = Send(out EditJournal journal);
        DateTimeOffset sent = _clock.GetUtcNow();
        journal.Unknown(edit, "no answer");
        // The same edit again: its first request is lost, and it is unanswered itself.
        journal.Submitting(edit, 7, sent);
        journal.Unknown(edit, "no answer");
        Book().RemoveLostRequests(sent.AddDays(300));
        Assert.Single(NamelessAt(sent));

        journal.Remove(edit);
        Book().RemoveLostRequests(sent.AddDays(30));
        Assert.Equal(2, NamelessAt(sent).Count);
        Book().RemoveLostRequests(sent.AddDays(30).AddMilliseconds(1));
        Assert.Empty(NamelessAt(sent));
    }

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        _store.Dispose();
        _folder.Dispose();
    }

    private void AssertOwned(params string[] expected) => Assert.Equal(expected, Book().Owned(["second", "third", "first"]).Keys.Order());

    private List<EditEntry> Accepted(DateTimeOffset from, DateTimeOffset until)
    {
        List<EditEntry> accepted = [];
        Assert.Equal(Book().Accepted(from, until, accepted.Add), accepted.Count);
        return accepted;
    }

    private List<EditEntry> NamelessAt(DateTimeOffset time)
    {
        List<EditEntry> nameless = [];
        Assert.Equal(Book().Nameless(time, time, nameless.Add), nameless.Count);
        return nameless;
    }

    private AccountJournal Book() => new(_store, _second, Edit(1).Endpoint, Account);

    private EditEntry Send(out EditJournal journal, string account = Account)
    {
        journal = new EditJournal(_store, _first) { Account = account };
        Assert.True(journal.TryClaim(Edit(1) with { Created = _clock.GetUtcNow() }, out EditEntry claimed, out _));
        journal.Submitting(claimed, 7, _clock.GetUtcNow());
        return claimed;
    }
}
