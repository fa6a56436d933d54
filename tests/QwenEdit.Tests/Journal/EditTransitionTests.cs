using QwenEdit.Journal;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Journal;

/// <summary>The table of the steps of an edit: from which states the journal makes each, and to which state it leads.</summary>
public sealed class EditTransitionTests : IDisposable
{
    private const string Job = "job";
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;
    private static readonly FileRecord File = new(1, 2, "hash");

    /// <summary>The step, the state that it leads to, the states from which the owner makes it, and those from which another session does.</summary>
    private static readonly (string Step, string To, string From, string WithoutClaim)[] s_table =
    [
        ("Submit", "Submitting", "Prepared Unknown Rejected Failed Expired Received", ""),
        ("Upload", "", "Prepared Unknown Rejected Failed Expired Received", ""),
        ("ProveNoJob", "Prepared", "Prepared Submitting Unknown", ""),
        ("Reject", "Rejected", "Submitting", ""),
        ("LoseOutcome", "Unknown", "Submitting Writing", ""),
        ("LeaveUnknown", "Unknown", "Unknown", ""),
        ("Accept", "Queued", "Prepared Submitting Unknown Rejected Queued Processing Completed Writing Expired", "Prepared Submitting Unknown Rejected Queued Processing Expired"),
        ("Complete", "Completed", "Prepared Submitting Unknown Rejected Queued Processing Completed Writing Expired Received", "Prepared Submitting Unknown Rejected Queued Processing Completed Expired"),
        ("Answer", "Completed", "Prepared Submitting Unknown Rejected Queued Processing Completed Writing Expired", "Prepared Submitting Unknown Rejected Queued Processing Completed Expired"),
        ("AnswerWithImage", "Writing", "Prepared Submitting Unknown Rejected Queued Processing Completed Writing Expired", "Prepared Submitting Unknown Rejected Queued Processing Completed Expired"),
        ("Fail", "Failed", "Submitting Queued Processing Completed Writing Expired", ""),
        ("Expire", "Expired", "Queued Processing Completed Writing", ""),
        ("Write", "Writing", "Completed Writing Received", ""),
        ("Receive", "Received", "Writing Completed", ""),
        ("Abandon", "Unknown", "Submitting", ""),
    ];

    private readonly TestFolder _folder = new();
    private readonly OpenJournal _journal;
    private readonly OpenJournal _other;

    public EditTransitionTests()
    {
        _journal = new OpenJournal(_folder.At("journal.db"));
        _other = new OpenJournal(_folder.At("journal.db"));
    }

    // How a session ends is another test's.
    public static TheoryData<string> Steps => [.. s_table.Select(row => row.Step).Where(step => step != "Abandon")];

    public void Dispose()
    {
        _journal.Dispose();
        _other.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Every_step_has_a_row() =>
        Assert.Equal(s_table.Select(row => row.Step).Order(), EditTransition.All.Select(transition => transition.Name).Order());

    [Theory]
    [MemberData(nameof(Steps))]
    public void The_owner_makes_a_step_from_the_states_of_its_row_and_from_no_other(string step)
    {
        (_, string to, string from, _) = Row(step);
        foreach (EditState state in Enum.GetValues<EditState>())
        {
            EditEntry entry = Arrange(step, state);
            if (from.Split(' ').Contains($"{state}"))
            {
                AssertMade(entry, to, Make(step, entry));
            }
            else
            {
                AssertRefused(entry, step, $" is {state} by now");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void Another_session_makes_only_what_was_paid_for(string step)
    {
        (_, string to, _, string withoutClaim) = Row(step);
        foreach (EditState state in Enum.GetValues<EditState>())
        {
            EditEntry entry = Arrange(step, state);
            _journal.Edits.Release(entry);
            // A request that is released on its way is unknown.
            Set(entry, $"state = '{state}'");
            Assert.True(_other.Edits.TryClaim(entry.Id, out EditEntry taken, out _));
            Set(taken, $"state = '{state}'");
            taken = _journal.Edits.Find(taken.Id);
            if (withoutClaim.Split(' ').Contains($"{state}"))
            {
                AssertMade(taken, to, Make(step, taken));
            }
            else
            {
                AssertRefused(taken, step, "was taken over by another process");
            }

            _other.Edits.Release(taken);
        }
    }

    [Theory]
    [InlineData("released")]
    [InlineData("disposed")]
    [InlineData("killed")]
    public void What_is_left_behind_is_as_it_was_except_where_it_was_being_sent(string end)
    {
        (_, string to, string from, _) = Row("Abandon");
        EditState[] states = Enum.GetValues<EditState>();
        EditEntry[] left = [.. states.Select(state => Arrange("Abandon", state))];
        switch (end)
        {
            case "released":
                Array.ForEach(left, _journal.Edits.Release);
                break;
            case "disposed":
                _journal.Presence.Dispose();
                break;
            default:
                _journal.Kill();
                break;
        }

        foreach (EditEntry before in left)
        {
            Assert.True(_other.Edits.TryClaim(before.Id, out EditEntry after, out _));
            Assert.Equal(from == $"{before.State}" ? to : $"{before.State}", $"{after.State}");
            Assert.Equal(after, _other.Edits.Find(before.Id));
        }
    }

    // It would be paid for, and nobody would receive it.
    [Theory]
    [InlineData("request_id = 'job'")]
    [InlineData("output_url = 'https://images.example/a.png'")]
    public void An_image_that_can_be_had_again_is_not_lost(string set)
    {
        EditEntry entry = Arrange("LoseOutcome", EditState.Writing);
        Set(entry, set);

        AssertRefused(_journal.Edits.Find(entry.Id), "LoseOutcome", " is Writing by now");
    }

    [Fact]
    public void The_attempts_of_an_edit_are_counted()
    {
        EditEntry entry = _journal.Take();
        Assert.Equal(0, entry.Attempt);
        Assert.Equal(1, _journal.Edits.Submitting(entry, 1, Now).Attempt);
        Assert.Equal(1, _journal.Edits.NoJob(entry).Attempt);
        Assert.Equal(2, _journal.Edits.Submitting(entry, 1, Now).Attempt);
        Assert.Equal(2, _journal.Edits.Submitted(entry, Job, Now).Attempt);
    }

    private static (string Step, string To, string From, string WithoutClaim) Row(string step) => s_table.Single(row => row.Step == step);

    // A job without an id and a URL is the only one that can be lost.
    private EditEntry Arrange(string step, EditState state)
    {
        EditEntry entry = _journal.Take($"{step} {state}");
        Set(entry, $"state = '{state}', submitting = 0{(step == "LoseOutcome" ? "" : $", request_id = '{Job} {entry.Id}'")}");
        return _journal.Edits.Find(entry.Id);
    }

    private void Set(EditEntry entry, string set) =>
        _journal.Store.Write(connection => connection.Execute($"UPDATE edit SET {set} WHERE id = $id", ("$id", entry.Id)));

    private EditEntry Make(string step, EditEntry entry)
    {
        EditJournal journal = _journal.Edits;
        switch (step)
        {
            case "Submit":
                return journal.Submitting(entry, 1, Now);
            case "Upload":
                return journal.Uploaded(entry, "https://images.example/a.png");
            case "ProveNoJob":
                return journal.NoJob(entry);
            case "Reject":
                return journal.Rejected(entry, "refused");
            case "LoseOutcome":
                return journal.Unknown(entry, "no answer");
            case "LeaveUnknown":
                return journal.Unsettled(entry, "nothing is found");
            case "Accept":
                return journal.Submitted(entry, entry.RequestId!, Now);
            case "Complete":
                return journal.Completed(entry, Now, null, null, null, null, null);
            case "Answer":
                return journal.Answered(entry, entry.RequestId, Now, null, null, null, null);
            case "AnswerWithImage":
                return journal.Answered(entry, entry.RequestId, Now, null, null, null, null, File);
            case "Fail":
                return journal.Failed(entry, Now, "failed");
            case "Expire":
                return journal.Expired(entry, "gone");
            case "Write":
                return journal.Writing(entry, File);
            case "Receive":
                return journal.Received(entry, File);
            default:
                throw new ArgumentOutOfRangeException(nameof(step), step, null);
        }
    }

    // The step returns the edit as the journal has it then.
    private void AssertMade(EditEntry before, string to, EditEntry after)
    {
        Assert.Equal(to.Length == 0 ? before.State : Enum.Parse<EditState>(to), after.State);
        Assert.Equal(before.Owner, after.Owner);
        Assert.Equal(_journal.Edits.Find(before.Id), after);
    }

    private void AssertRefused(EditEntry before, string step, string why)
    {
        QwenEditException refusal = Assert.Throws<QwenEditException>(() => Make(step, before));
        Assert.Equal(EditError.EditBusy, refusal.Error);
        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, _journal.Edits.Find(before.Id));
    }
}
