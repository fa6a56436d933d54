using static QwenEdit.EditState;

namespace QwenEdit.Journal;

/// <summary>
/// A step in the life of an edit. The static fields are the table of all steps, with the states that each may come from. The statements that change a
/// state are built here, so that the database refuses every other step.
/// </summary>
internal sealed class EditTransition
{
    /// <summary>No job is known.</summary>
    private static readonly EditState[] Jobless = [Prepared, Submitting, Unknown, Rejected];

    /// <summary>There is a job that has not been seen to end. The journal itself only writes <see cref="Queued"/>.</summary>
    private static readonly EditState[] Running = [Queued, Processing];

    /// <summary>A request that may create a job is about to be sent: the first one, or a further one where that can't pay twice or was asked for.</summary>
    internal static readonly EditTransition Submit = new(nameof(Submit), Submitting, [Prepared, Unknown, Rejected, Failed, Expired, Received]);

    /// <summary>The image was uploaded for a later <see cref="Submit"/>.</summary>
    internal static readonly EditTransition Upload = new(nameof(Upload), null, Submit.From);

    /// <summary>The request provably created no job.</summary>
    internal static readonly EditTransition ProveNoJob = new(nameof(ProveNoJob), Prepared, [Prepared, Submitting, Unknown]);

    /// <summary>The service refused the request.</summary>
    internal static readonly EditTransition Reject = new(nameof(Reject), Rejected, [Submitting]);

    /// <summary>The request has no response, or the image of a job without an id and a URL was lost.</summary>
    internal static readonly EditTransition LoseOutcome = new(nameof(LoseOutcome), Unknown, [Submitting, Writing])
    {
        Condition = "request_id IS NULL AND output_url IS NULL",
    };

    /// <summary>The session that sent the request has ended, and the response with it.</summary>
    internal static readonly EditTransition Abandon = new(nameof(Abandon), Unknown, [Submitting]);

    /// <summary>The request history does not settle the edit.</summary>
    internal static readonly EditTransition LeaveUnknown = new(nameof(LeaveUnknown), Unknown, [Unknown]);

    /// <summary>
    /// There is a job: the response or the request history names its id. While the request was on its way, the response to an earlier request of the
    /// edit may have been recorded. The edit then has the later job.
    /// </summary>
    internal static readonly EditTransition Accept = new(nameof(Accept), Queued, [.. Jobless, .. Running, Completed, Writing, Expired])
    {
        FromWithoutClaim = [.. Jobless, .. Running, Expired],
    };

    /// <summary>The job has completed: by its status, or by the request history, which also finds expired jobs and received ones.</summary>
    internal static readonly EditTransition Complete = new(nameof(Complete), Completed, [.. Jobless, .. Running, Completed, Writing, Expired, Received])
    {
        FromWithoutClaim = [.. Jobless, .. Running, Completed, Expired],
    };

    /// <summary>The response to the synchronous request names the completed job or the image's URL.</summary>
    internal static readonly EditTransition Answer = new(nameof(Answer), Completed, [.. Jobless, .. Running, Completed, Writing, Expired])
    {
        FromWithoutClaim = [.. Jobless, .. Running, Completed, Expired],
    };

    /// <summary>The response to the synchronous request was only the image, which is complete.</summary>
    internal static readonly EditTransition AnswerWithImage = new(nameof(AnswerWithImage), Writing, Answer.From)
    {
        FromWithoutClaim = Answer.FromWithoutClaim,
    };

    /// <summary>The job has failed: by the response, by its status, or by the request history.</summary>
    internal static readonly EditTransition Fail = new(nameof(Fail), Failed, [Submitting, .. Running, Completed, Writing, Expired]);

    /// <summary>The service has no record of the job any more.</summary>
    internal static readonly EditTransition Expire = new(nameof(Expire), Expired, [.. Running, Completed, Writing]);

    /// <summary>The image was downloaded, perhaps again, and is about to be renamed to its destination.</summary>
    internal static readonly EditTransition Write = new(nameof(Write), Writing, [Completed, Writing, Received]);

    /// <summary>The image is at its destination.</summary>
    internal static readonly EditTransition Receive = new(nameof(Receive), Received, [Writing, Completed]);

    private EditTransition(string name, EditState? to, EditState[] from) => (Name, To, From) = (name, to, from);

    /// <summary>All steps.</summary>
    internal static IReadOnlyList<EditTransition> All { get; } =
    [
        Submit, Upload, ProveNoJob, Reject, LoseOutcome, Abandon, LeaveUnknown, Accept, Complete, Answer, AnswerWithImage, Fail, Expire, Write, Receive,
    ];

    /// <summary>The name of the step.</summary>
    internal string Name { get; }

    /// <summary>The state after the step; <see langword="null"/> if the state stays as it is.</summary>
    internal EditState? To { get; }

    /// <summary>The states from which the session that has claimed the edit may make the step.</summary>
    internal EditState[] From { get; }

    /// <summary>
    /// The states from which a session without the claim may make the step; empty for a step that needs the claim. What was paid for is recorded also
    /// without the claim, unless the owner of the edit knows as much already.
    /// </summary>
    internal EditState[] FromWithoutClaim { get; private init; } = [];

    private string? Condition { get; init; }

    /// <summary>Returns the statement that makes the step for the edits that match a condition.</summary>
    internal string Update(string set, string where) =>
        $"UPDATE edit SET {Assign(set)} WHERE {where} AND {IsIn(From)}{(Condition is null ? "" : $" AND {Condition}")}";

    /// <summary>
    /// Returns the statement that records what was paid for, for the edit <c>$id</c>: by its owner <c>$owner</c>, or by another session if the edit
    /// has no other job than <c>$job</c>.
    /// </summary>
    internal string UpdatePaid(string set) =>
        $"""
        UPDATE edit SET {Assign(set)} WHERE id = $id AND
            ((owner = $owner AND {IsIn(From)}) OR ((request_id IS NULL OR request_id = $job) AND {IsIn(FromWithoutClaim)}))
        """;

    private string Assign(string set) => To is null ? set : set.Length == 0 ? $"state = '{To}'" : $"state = '{To}', {set}";

    private static string IsIn(EditState[] states) => $"state IN ({string.Join(", ", states.Select(state => $"'{state}'"))})";
}
