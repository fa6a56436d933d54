namespace QwenEdit.Runs;

/// <summary>
/// The exit codes of a run. Where several fit, the first row decides. First come errors that affect every edit, and those where running again does
/// not help or would exceed the user's own limit. Then come errors that running again resolves, before those that need a person, as a paid image
/// can be received for an hour only. A code that is hidden by another comes back when the command is run again.
/// </summary>
internal static class ExitCodes
{
    /// <summary>
    /// The code of a run that has not ended: what was submitted is in the journal, and is received by running the command again.
    /// </summary>
    internal const int RunAgain = 5;

    private const int SomeFailed = 1;

    /// <summary>One row. Which errors lead to a code is in <see cref="EditErrorCatalog"/>.</summary>
    /// <param name="Code">The code.</param>
    /// <param name="Meaning">What it means.</param>
    internal sealed record Row(int Code, string Meaning)
    {
        /// <summary>The errors that lead to the code.</summary>
        internal IReadOnlyList<EditError> Errors { get; } = [.. InfosOf(Code).Select(info => info.Error)];

        /// <summary>The reasons to stop that lead to the code.</summary>
        internal IReadOnlyList<EditRunStop> Stops { get; } =
            [.. InfosOf(Code).Where(info => info.Stop is not null).Select(info => info.Stop!.Reason).Distinct()];
    }

    /// <summary>All codes.</summary>
    internal static IReadOnlyList<Row> Rows { get; } =
    [
        new(12, "disk: the journal, the log or a destination can't be written"),
        new(7, "stopped by credits or authorisation: the service would refuse every edit"),
        new(EditErrorCatalog.LimitReached, "a limit was reached, and some images were not submitted because of it"),
        new(RunAgain, "temporary, cancelled, or never ended: run the same command again"),
        new(11, "another process works on the same edit"),
        new(20, "the outcome of an edit is unknown"),
        new(SomeFailed, "some failed"),
        new(0, "every image is at its destination"),
    ];

    /// <summary>Returns the code of a run that has ended.</summary>
    /// <param name="errors">The errors of the edits that did not end in an image.</param>
    /// <param name="stop">Why the run stopped early, if it did.</param>
    internal static int Of(IReadOnlyCollection<EditError> errors, EditRunStop? stop) => Rows
        .First(row => (stop is { } why && row.Stops.Contains(why)) || row.Errors.Any(errors.Contains) || row.Code == 0)
        .Code;

    // An error without its own code counts as a failed edit.
    private static IEnumerable<EditErrorInfo> InfosOf(int code) => EditErrorCatalog.All.Where(info => (info.ExitCode ?? SomeFailed) == code);
}
