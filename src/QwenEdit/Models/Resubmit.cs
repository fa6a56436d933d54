namespace QwenEdit;

/// <summary>Which edits of an earlier run are submitted, and so paid, once more.</summary>
[Flags]
public enum Resubmit
{
    /// <summary>No edits.</summary>
    None = 0,

    /// <summary>Edits that failed or were refused. They cost nothing.</summary>
    Failed = 1,

    /// <summary>Edits whose job records the service deleted before their images were received. They may have been billed.</summary>
    Expired = 2,

    /// <summary>Edits for which it is unknown whether there is a job. They may have been billed.</summary>
    Unknown = 4,
}
