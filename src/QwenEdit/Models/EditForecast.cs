namespace QwenEdit;

/// <summary>What a call of <c>Invoke-QwenImageEdit</c> would do and cost, according to the images and the journal.</summary>
public sealed record EditForecast
{
    /// <summary>How many images were named, those with problems included, without those that are left out.</summary>
    public int Images { get; init; }

    /// <summary>How many bytes the local ones have that would be submitted.</summary>
    public long Bytes { get; init; }

    /// <summary>How many would be submitted, and so be billed.</summary>
    public int ToSubmit { get; init; }

    /// <summary>How many were submitted before, and would be received; that costs nothing.</summary>
    public int ToReceive { get; init; }

    /// <summary>How many are done, and would be skipped.</summary>
    public int Done { get; init; }

    /// <summary>How many lie beside their originals under the name of a result of an earlier edit, and would be left out.</summary>
    public int LeftOut { get; init; }

    /// <summary>What would be an error, a sentence each.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>
    /// What those to be submitted would cost, in credits (US dollars), by the mean of the model's recent costs; <see langword="null"/> while the
    /// journal knows none.
    /// </summary>
    public decimal? ExpectedCost { get; init; }

    /// <summary>
    /// How long those to be submitted would take, by the mean of the model's recent latencies; <see langword="null"/> while the journal knows none.
    /// </summary>
    public TimeSpan? ExpectedDuration { get; init; }
}
