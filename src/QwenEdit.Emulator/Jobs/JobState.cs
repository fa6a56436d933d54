namespace QwenEdit.Emulator.Jobs;

/// <summary>The states of a job.</summary>
public enum JobState
{
    /// <summary>Accepted, and waiting for a worker.</summary>
    Queued,

    /// <summary>Being worked on.</summary>
    Processing,

    /// <summary>Done and billed.</summary>
    Completed,

    /// <summary>Failed, and not billed.</summary>
    Failed,
}
