using QwenEdit.Editing;
using QwenEdit.Journal;
using QwenEdit.Runs;
using QwenEdit.Segmind.Http;
using QwenEdit.Tests.Journal;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Editing;

/// <summary>How a submission is recorded that ends in an error after its request was about to be sent. Sockets can't produce each error.</summary>
public sealed class JobSubmitterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<EditError> Errors => [.. EditErrorCatalog.All.Select(info => info.Error)];

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task An_edit_that_may_be_billed_is_never_recorded_as_one_without_a_job(EditError error)
    {
        using OpenJournal journal = new(_folder["journal.db"]);
        EditEntry entry = journal.Take();
        using SubmissionBreaker breaker = new();
        RecordingLog log = new();
        JobSubmitter submitter = new(null!, null, journal.Edits, new JournalRetryQueue(log), breaker, TimeProvider.System, log);
        PreparedEdit edit = PreparedEdit.Prepare(
            new EditRequest { Uri = new Uri("https://example.com/a.png"), Destination = entry.Destination, Prompt = "prompt" });

        QwenEditException ended = await Assert.ThrowsAsync<QwenEditException>(() => submitter.SendAsync<bool>(
            edit,
            entry,
            (_, steps, _) =>
            {
                steps.BeforeTry();
                throw new QwenEditException(error, "It ended.");
            },
            new Deadline(TimeProvider.System, TimeSpan.FromMinutes(1)),
            CancellationToken.None));

        Assert.Equal(error, ended.Error);
        Assert.Empty(log.Warnings);
        EditState state = journal.Edits.Find(entry.Id).State;
        // Submitting becomes Unknown when the claim is released.
        EditState[] mayHaveJob = [EditState.Unknown, EditState.Submitting];
        EditState[] hasNone = [EditState.Prepared, EditState.Rejected, EditState.Failed, EditState.Submitting];
        Assert.Contains(state, EditErrorCatalog.Of(error).Billing == Billing.NotBilled ? hasNone : mayHaveJob);
    }
}
