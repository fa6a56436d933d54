namespace QwenEdit.Segmind.Contracts;

/// <summary>How long the service keeps the data of a job. Source: Segmind's documentation of asynchronous requests.</summary>
internal static class ServiceRetention
{
    /// <summary>The status and the result of a job, from its submission.</summary>
    internal static readonly TimeSpan JobRecord = TimeSpan.FromHours(1);

    /// <summary>An output file at its public URL, from the end of the job.</summary>
    internal static readonly TimeSpan Output = TimeSpan.FromDays(7);
}
