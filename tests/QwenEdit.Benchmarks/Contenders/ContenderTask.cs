namespace QwenEdit.Benchmarks.Contenders;

/// <summary>A piece of work for a contender: a folder of images to edit, or a script.</summary>
internal sealed record ContenderTask
{
    /// <summary>The service.</summary>
    public string Endpoint { get; init; } = "";

    /// <summary>The folder of the images.</summary>
    public string Images { get; init; } = "";

    /// <summary>The folder for the results, which is there.</summary>
    public string Results { get; init; } = "";

    /// <summary>How many edits are under way at once.</summary>
    public int Parallel { get; init; } = 1;

    /// <summary>The pause before each poll, in seconds.</summary>
    public double PollSeconds { get; init; }

    /// <summary>What PowerShell is to run; its output is counted.</summary>
    public string Script { get; init; } = "";

    /// <summary>Whether the script may report errors.</summary>
    public bool ErrorsExpected { get; init; }

    /// <summary>After how many outputs a full collection is made, to see what the process holds then.</summary>
    public IReadOnlyList<int> LevelsAt { get; init; } = [];
}

/// <summary>What a piece of work took.</summary>
internal sealed record Lap
{
    /// <summary>By the clock on the wall.</summary>
    public double Seconds { get; init; }

    /// <summary>Processor time, of all cores.</summary>
    public double CpuSeconds { get; init; }

    /// <summary>Bytes that were allocated on the managed heap.</summary>
    public long Allocated { get; init; }

    /// <summary>The seconds of all pauses between polls together, where the contender counts them.</summary>
    public double PauseSeconds { get; init; }

    /// <summary>How many images were edited, or objects written.</summary>
    public int Count { get; init; }

    /// <summary>What the process held after each of <see cref="ContenderTask.LevelsAt"/>, in bytes of resident memory.</summary>
    public IReadOnlyList<long> Levels { get; init; } = [];

    /// <summary>Why it failed.</summary>
    public string? Error { get; init; }
}
