namespace QwenEdit;

/// <summary>Why a run stopped early.</summary>
public enum EditRunStop
{
    /// <summary>The account's balance or its team's spend limit does not cover another edit.</summary>
    Credits,

    /// <summary>The service does not accept the key, or not for this model.</summary>
    Authorization,

    /// <summary>The service does not have the model, or no longer.</summary>
    Model,

    /// <summary>The service could not be reached, returned server errors (5xx), or left no room in its rate limit, for several images in a row.</summary>
    Service,

    /// <summary><c>-MaxCost</c> was reached.</summary>
    MaxCost,

    /// <summary><c>-ConfirmAbove</c> would have been passed, and the user did not consent or could not be asked.</summary>
    ConfirmAbove,

    /// <summary><c>-MaxFailure</c> was reached.</summary>
    MaxFailure,

    /// <summary><c>-MaxDuration</c> was reached.</summary>
    MaxDuration,

    /// <summary>There would be more submitted jobs than can be received before the service deletes their records.</summary>
    Expiry,

    /// <summary>The journal can't be written, or the disk is full.</summary>
    Disk,

    /// <summary>Ctrl+C, <c>Select-Object -First</c>, <c>-ErrorAction Stop</c>, a throw in the pipeline, or the end of the process.</summary>
    Cancelled,
}
