using System.Text.Json.Nodes;
using QwenEdit.Emulator;
using QwenEdit.Emulator.Accounts;
using QwenEdit.Journal;
using QwenEdit.Reconciliation;
using QwenEdit.Segmind;
using QwenEdit.Segmind.Http;
using QwenEdit.Tests.Support;
using static QwenEdit.Tests.Reconciliation.HistoryMatcherParts;

namespace QwenEdit.Tests.Reconciliation;

/// <summary>Settling while the history is read a page at a time and another session goes on.</summary>
public sealed class ReconcilerTests : IDisposable
{
    private const string Account = "0123abcd";

    private readonly TestFolder _folder = new();
    private readonly SkippingClock _clock = new();
    private readonly TestRateLimiter _limiter;
    private readonly JournalStore _store;
    private readonly SessionLease _first;
    private readonly SessionLease _second;

    public ReconcilerTests()
    {
        _limiter = new TestRateLimiter(_clock);
        _store = JournalStore.Open(_folder.At("journal.db"));
        _first = new SessionLease(_store, _clock);
        _second = new SessionLease(_store, _clock);
    }

    [Fact]
    public async Task A_row_that_is_seen_twice_counts_once()
    {
        EditEntry edit = Lose(Edit(1));

        EditEntry settled = await ReconcileAsync(edit, new([Row("job", edit)]), new([Row("job", edit), Row("other", Edit(9), Image(2))]));

        Assert.Equal("job", settled.RequestId);
    }

    [Fact]
    public async Task Of_a_row_that_is_seen_twice_the_later_reading_counts()
    {
        EditEntry edit = Lose(Edit(1));
        JsonObject failed = Row("job", edit);
        (failed["model_status"], failed["error"]) = ("FAILED", "out of memory");

        EditEntry settled = await ReconcileAsync(edit, new([Row("job", edit).With("prompt", "Make it red")]), new([failed, Row("next", Edit(9), Image(2))]));

        Assert.Equal(("job", EditState.Failed), (settled.RequestId, settled.State));
    }

    [Fact]
    public async Task A_row_that_is_no_more_like_the_edit_is_none_of_its_candidates()
    {
        EditEntry edit = Lose(Edit(1));
        EditEntry known = Accept(Edit(2, Image(2)), "known");
        _clock.Advance(TimeSpan.FromMinutes(30));

        EditEntry settled = await ReconcileAsync(
            edit, new([Row("job", edit), Row("known", known, Image(2))]), new([Row("job", edit).With("prompt", "Make it red"), Row("next", Edit(9), Image(2))]));

        Assert.Equal(EditState.Prepared, settled.State);
    }

    [Fact]
    public async Task An_accepted_edit_that_is_no_more_recognised_proves_nothing()
    {
        EditEntry edit = Lose(Edit(1));
        EditEntry known = Accept(Edit(2, Image(2)), "known");
        _clock.Advance(TimeSpan.FromMinutes(30));

        EditEntry settled = await ReconcileAsync(
            edit, new([Row("known", known, Image(2))]), new([Row("known", known, Image(2)).With("prompt", "Make it red"), Row("next", Edit(9), Image(2))]));

        Assert.Equal(EditState.Unknown, settled.State);
        Assert.Contains("proves nothing", settled.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edit_that_is_sent_meanwhile_claims_a_row_of_a_page_before_and_is_not_decided_about()
    {
        EditEntry edit = Lose(Edit(1));
        EditEntry? late = null;
        Reconciler reconciler = Reconciler(out HistoryClient client, out RawServer server, new([Row("job", edit)]), new([], () => late = Lose(Edit(2), _second)));
        await using RawServer running = server;
        using HistoryClient asking = client;

        EditEntry settled = await reconciler.ReconcileAsync(edit, CancellationToken.None);

        Assert.Equal(EditState.Unknown, settled.State);
        Assert.Contains("does not tell which request is this edit's, if one is: job (", settled.Error, StringComparison.Ordinal);
        Assert.Null((await reconciler.ReconcileAsync(late!, CancellationToken.None)).Error);
    }

    [Fact]
    public async Task An_edit_that_is_sent_again_meanwhile_is_not_decided_about()
    {
        EditEntry edit = Lose(Edit(1));
        Page again = new([], () =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            Journal(_first).Submitting(edit, edit.Seed, _clock.GetUtcNow());
            Journal(_first).Unknown(edit, "no answer");
        });
        Reconciler reconciler = Reconciler(out HistoryClient client, out RawServer server, new([Row("job", edit)]), again);
        await using RawServer running = server;
        using HistoryClient asking = client;

        Assert.Null((await reconciler.ReconcileAsync(edit, CancellationToken.None)).RequestId);
        EditEntry settled = await reconciler.ReconcileAsync(Journal(_first).Find(edit.Id), CancellationToken.None);

        Assert.Equal((EditState.Unknown, null, null), (settled.State, settled.RequestId, settled.Error));
    }

    [Fact]
    public async Task A_row_that_becomes_another_edits_job_meanwhile_is_not_free()
    {
        EditEntry edit = Lose(Edit(1));

        EditEntry settled = await ReconcileAsync(edit, new([Row("job", edit)]), new([], () => Accept(Edit(2), "job", _second)));

        Assert.Equal(EditState.Unknown, settled.State);
        Assert.Contains("shows no such request", settled.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_another_session_settles_meanwhile_is_shown()
    {
        EditEntry edit = Lose(Edit(1));
        EditEntry other = Lose(Edit(2, Image(2)), _second);
        _clock.Advance(TimeSpan.FromMinutes(30));

        EditEntry settled = await ReconcileAsync(
            edit, new([Row("known", other, Image(2))]), new([], () => Journal(_second).Submitted(other, "known", other.Submitting!.Value)));

        Assert.Equal(EditState.Prepared, settled.State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task While_a_record_is_too_large_to_be_read_nothing_is_released_and_what_is_found_is_adopted(bool isShown)
    {
        EditEntry edit = Lose(Edit(1));
        EditEntry known = Accept(Edit(2, Image(2)), "known");
        _clock.Advance(TimeSpan.FromMinutes(30));
        JsonObject[] rows = [Row("known", known, Image(2)), .. isShown ? new[] { Row("job", edit) } : []];
        RawAnswer large = new(200, new string(' ', 33 * 1024 * 1024));
        await using RawServer server = new((request, connection) =>
        {
            int size = int.Parse(request.Path.Split("per_page=")[1].Split('&')[0], null);
            int from = size * (int.Parse(request.Path.Split("?page=")[1].Split('&')[0], null) - 1);
            return connection.AnswerAsync(from == 0 ? large : Answer(rows.Skip(from - 1).Take(size)));
        });
        Reconciler reconciler = Reconciler(out HistoryClient client, server);
        using HistoryClient asking = client;

        EditEntry settled = await reconciler.ReconcileAsync(edit, CancellationToken.None);

        Assert.Equal(isShown ? (EditState.Queued, "job") : (EditState.Unknown, null), (settled.State, settled.RequestId));
        if (!isShown)
        {
            Assert.Contains("too large to be read", settled.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("own")]
    [InlineData("a teammate's")]
    [InlineData("refused")]
    public async Task What_is_probable_is_adopted_only_if_the_history_finds_it_as_the_users_own(string answer)
    {
        EditEntry edit = Lose(Edit(1));
        _clock.Advance(TimeSpan.FromMinutes(30));
        JsonObject row = Row("job", edit, keep: HistoryBody.Omitted);
        await using RawServer server = new((request, connection) => connection.AnswerAsync(
            request.Path.Contains('?') ? Answer([row])
            : answer == "own" ? new RawAnswer(200, row.ToJsonString())
            : RawAnswer.Error(answer == "refused" ? 401 : 404)));
        Reconciler reconciler = Reconciler(out HistoryClient client, server);
        using HistoryClient asking = client;

        EditEntry settled = await reconciler.ReconcileAsync(edit, CancellationToken.None);

        Assert.EndsWith("/job", server.Requests[^1].Path, StringComparison.Ordinal);
        Assert.Equal(answer == "own" ? (EditState.Queued, "job") : (EditState.Unknown, null), (settled.State, settled.RequestId));
        Assert.Equal(answer == "a teammate's", settled.Error?.Contains("may be another user's: job (", StringComparison.Ordinal) ?? false);
    }

    [Fact]
    public async Task A_row_that_may_be_of_an_edit_that_another_key_of_the_account_sent_is_left()
    {
        EditEntry edit = Lose(Edit(1));
        Send(Edit(2, Image(2)), _second, account: "another key");
        _clock.Advance(TimeSpan.FromMinutes(30));

        EditEntry settled = await ReconcileAsync(edit, new([Row("job", edit, keep: HistoryBody.Omitted)]), new([]));

        Assert.Equal(EditState.Unknown, settled.State);
        Assert.Contains("does not tell which request is this edit's", settled.Error, StringComparison.Ordinal);
    }

    // The answer to its own submission was the image, so that the history alone may name a URL. That it has failed would have it paid for again.
    [Theory]
    [InlineData("COMPLETED", EditState.Completed)]
    [InlineData("FAILED", EditState.Received)]
    public async Task An_edit_that_was_received_has_not_failed_whatever_the_history_says(string status, EditState state)
    {
        FileRecord file = new(1, 2, "hash");
        EditJournal journal = Journal(_first);
        EditEntry edit = Send(Edit(1), _first);
        journal.Answered(edit, "job", _clock.GetUtcNow(), null, 0.01m, 1, 1);
        journal.Writing(edit, file);
        edit = journal.Received(edit, file);
        JsonObject row = Row("job", edit);
        row["model_status"] = status;
        row["generation_url"] = "https://images.segmind.com/a.png";
        await using RawServer server = new((_, connection) => connection.AnswerAsync(new RawAnswer(200, row.ToJsonString())));
        Reconciler reconciler = Reconciler(out HistoryClient client, server);
        using HistoryClient asking = client;

        EditEntry settled = await reconciler.ReconcileAsync(edit, CancellationToken.None);

        Assert.Equal(state, settled.State);
        Assert.Equal(settled, journal.Find(edit.Id));
    }

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        _store.Dispose();
        _limiter.Dispose();
        _folder.Dispose();
    }

    private async Task<EditEntry> ReconcileAsync(EditEntry edit, params Page[] pages)
    {
        Reconciler reconciler = Reconciler(out HistoryClient client, out RawServer server, pages);
        await using RawServer running = server;
        using HistoryClient asking = client;
        EditEntry settled = await reconciler.ReconcileAsync(edit, CancellationToken.None);
        // To its end: the last page brings nothing new.
        Assert.True(server.Requests.Count >= pages.Length);
        return settled;
    }

    private Reconciler Reconciler(out HistoryClient client, out RawServer server, params Page[] pages)
    {
        int next = 0;
        server = new RawServer(async (_, connection) =>
        {
            Page page = next < pages.Length ? pages[next++] : new Page([]);
            page.Meanwhile?.Invoke();
            await connection.AnswerAsync(Answer(page.Rows));
        });
        return Reconciler(out client, server);
    }

    private RawAnswer Answer(IEnumerable<JsonObject> rows) => new(
        200,
        new JsonObject { ["data"] = new JsonArray([.. rows.Select(row => row.DeepClone())]) }.ToJsonString(),
        Headers: ("Date", _clock.GetUtcNow().ToString("R")));

    private Reconciler Reconciler(out HistoryClient client, RawServer server)
    {
        client = new HistoryClient(
            new SegmindConnection
            {
                Endpoint = SegmindEndpoint.Parse(SegmindEndpoint.Default),
                History = SegmindEndpoint.Parse(server.Url.AbsoluteUri),
                ApiKey = TestClient.ApiKey,
                RequestTimeout = SkippingClock.Limit,
                MaximumRetryCount = 0,
            },
            HistoryImageReader.Of,
            _limiter.Limiter,
            _clock,
            new RecordingLog());
        return new Reconciler(client, Journal(_first), Book(), SettlingTime, _clock, new RecordingLog());
    }

    private AccountJournal Book() => new(_store, _first, Edit(1).Endpoint, Account);

    private EditJournal Journal(SessionLease session, string account = Account) => new(_store, session) { Account = account };

    private EditEntry Lose(EditEntry edit, SessionLease? session = null)
    {
        EditEntry sent = Send(edit, session ?? _first);
        Journal(session ?? _first).Unknown(sent, "no answer");
        Book().Asked([Journal(_first).Find(sent.Id)], _clock.GetUtcNow());
        return Journal(_first).Find(sent.Id);
    }

    private EditEntry Accept(EditEntry edit, string requestId, SessionLease? session = null)
    {
        EditEntry sent = Send(edit, session ?? _first);
        Journal(session ?? _first).Submitted(sent, requestId, _clock.GetUtcNow());
        return Journal(_first).Find(sent.Id);
    }

    private EditEntry Send(EditEntry edit, SessionLease session, string account = Account)
    {
        EditJournal journal = Journal(session, account);
        Assert.True(journal.TryClaim(edit with { Created = _clock.GetUtcNow() }, out EditEntry claimed, out _));
        journal.Submitting(claimed, edit.Seed, _clock.GetUtcNow());
        return claimed;
    }

    /// <summary>A page of the history, and what happens before it is answered.</summary>
    private sealed record Page(JsonObject[] Rows, Action? Meanwhile = null);
}
