namespace QwenEdit;

/// <summary>Which edits of an earlier run are submitted, and so paid, once more.</summary>
[Flags]
public enum Resubmit
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>Those that failed or were refused, which cost nothing.</summary>
    Failed = 1,

    /// <summary>Those whose job the service has forgotten before its image was received. They may have been billed.</summary>
    Expired = 2,

    /// <summary>Those of which nobody knows whether they became a job. They may have been billed.</summary>
    Unknown = 4,
}
