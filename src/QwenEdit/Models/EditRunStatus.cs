namespace QwenEdit;

/// <summary>Whether a run has ended.</summary>
public enum EditRunStatus
{
    /// <summary>A living process works on it.</summary>
    Running,

    /// <summary>It has ended, by itself or because it was stopped.</summary>
    Ended,

    /// <summary>Its process was killed, or the machine lost its power. Run again, the same command goes on where it was.</summary>
    Interrupted,
}
