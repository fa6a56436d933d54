namespace QwenEdit.Segmind.Contracts;

/// <summary>How long the service keeps what a job left. Source: Segmind's documentation of asynchronous requests.</summary>
internal static class ServiceRetention
{
    /// <summary>A job's record, from its submission: the status and the result can be asked for.</summary>
    internal static readonly TimeSpan JobRecord = TimeSpan.FromHours(1);

    /// <summary>An output file at its public URL, from the job's end.</summary>
    internal static readonly TimeSpan Output = TimeSpan.FromDays(7);
}
