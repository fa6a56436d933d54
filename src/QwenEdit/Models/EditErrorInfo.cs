namespace QwenEdit;

/// <summary>Whether the request that met an error is billed. A job that was submitted before the error may be billed in any case.</summary>
internal enum Billing
{
    /// <summary>No job was made, or the job failed.</summary>
    NotBilled,

    /// <summary>The job was completed.</summary>
    Billed,

    /// <summary>There may be a job.</summary>
    MayBeBilled,
}

/// <summary>When an error stops submitting.</summary>
internal enum StopCondition
{
    /// <summary>The first time.</summary>
    AtOnce,

    /// <summary>When several images in a row have met it or another such error.</summary>
    WhenRepeated,

    /// <summary>When a full disk is the cause.</summary>
    WhenDiskIsFull,
}

/// <summary>That an error stops submitting.</summary>
/// <param name="Reason">Why the run then stops.</param>
/// <param name="Condition">When.</param>
internal sealed record SubmissionStop(EditRunStop Reason, StopCondition Condition);

/// <summary>The facts about an error: a row of <see cref="EditErrorCatalog"/>.</summary>
/// <param name="Error">The error.</param>
/// <param name="Category">The category of its records: the name of a PowerShell <c>ErrorCategory</c>.</param>
/// <param name="Stop">When it stops submitting; <see langword="null"/> if the other images continue.</param>
/// <param name="WithoutJob">The status of an edit that has no job; <see langword="null"/> if such an edit has no result.</param>
/// <param name="WithJob">The status of an edit that has a job.</param>
/// <param name="ExitCode">The exit code of a run in which nothing else went wrong; <see langword="null"/> if the error's cause has it.</param>
/// <param name="Billing">Whether it is billed.</param>
/// <param name="NextStep">What to do. In place of <c>{receive}</c>, a message says how to receive the job, if there is one.</param>
internal sealed record EditErrorInfo(
    EditError Error, string Category, SubmissionStop? Stop, EditOutcome? WithoutJob, EditOutcome WithJob, int? ExitCode, Billing Billing, string NextStep)
{
    /// <summary>Whether a limit of the user is reached. The run reports it once, for all edits.</summary>
    internal bool IsLimit => ExitCode == EditErrorCatalog.LimitReached;

    /// <summary>Returns the next step for one edit.</summary>
    /// <param name="receive">The sentence that says how to receive the job; empty if there is none.</param>
    internal string NextStepWith(string receive) => NextStep.Replace("{receive}", receive).TrimEnd();
}

/// <summary>The errors of one section of about_QwenEdit_Errors.</summary>
/// <param name="Heading">The heading of the section.</param>
/// <param name="Errors">The errors, in the order of the section.</param>
internal sealed record EditErrorGroup(string Heading, IReadOnlyList<EditErrorInfo> Errors);
