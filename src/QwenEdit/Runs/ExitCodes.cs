namespace QwenEdit.Runs;

/// <summary>
/// The exit code of a run. Where several fit, the first row decides: at the head stands what met, or would meet, every edit, and where running
/// again would not help or would defeat the user's own cap; then what running again mends, which comes before what needs a person, as a
/// paid image waits for an hour only. Whatever a code hides comes back when the command is run again.
/// </summary>
internal static class ExitCodes
{
    /// <summary>Of a run that has not ended: what was submitted is in the journal, and is received by running the command again.</summary>
    internal const int RunAgain = 5;

    /// <summary>One row: the code, what it means, and the ways to stop and the errors that it stands for.</summary>
    internal sealed record Row(int Code, string Meaning, EditRunStop[] Stops, EditError[] Errors)
    {
        /// <summary>An error that no other row has.</summary>
        internal bool AnyOther { get; init; }
    }

    internal static IReadOnlyList<Row> Rows { get; } =
    [
        new(12, "disk", [EditRunStop.Disk], [EditError.JournalUnavailable, EditError.JournalIncomplete, EditError.JournalDamaged, EditError.JournalNewer, EditError.LogUnavailable, EditError.DestinationUnwritable]),
        new(
            7,
            "stopped by credits or authorisation",
            [EditRunStop.Credits, EditRunStop.Authorization, EditRunStop.Model],
            [
                EditError.ApiKeyMissing, EditError.ApiKeyRejected, EditError.ModelForbidden, EditError.ModelNotFound, EditError.ModelRetired,
                EditError.InsufficientCredits, EditError.SpendLimitReached,
            ]),
        new(8, "a cap was reached", [EditRunStop.MaxCost, EditRunStop.ConfirmAbove, EditRunStop.MaxFailure, EditRunStop.MaxDuration, EditRunStop.Expiry], []),
        new(
            RunAgain,
            "temporary, run again",
            [EditRunStop.Cancelled, EditRunStop.Service],
            [
                EditError.TimedOut, EditError.JobNotFinished, EditError.RateLimited, EditError.ServiceUnavailable, EditError.ConnectionFailed,
                EditError.OutputInvalid, EditError.ImageChanged, EditError.JournalBusy,
            ]),
        new(11, "another process works on the same edit", [], [EditError.EditBusy]),
        new(20, "the outcome of an edit is unknown", [], [EditError.OutcomeUnknown]),
        new(1, "some failed", [], []) { AnyOther = true },
        new(0, "every image is at its destination", [], []),
    ];

    /// <summary>The code of a run that has ended.</summary>
    /// <param name="errors">What the edits that did not end in an image met.</param>
    /// <param name="stop">Why it stopped early, if it did.</param>
    internal static int Of(IReadOnlyCollection<EditError> errors, EditRunStop? stop) => Rows
        .First(row => (stop is { } why && row.Stops.Contains(why))
            || row.Errors.Any(errors.Contains)
            || (row.AnyOther && errors.Count > 0)
            || row.Code == 0)
        .Code;
}
