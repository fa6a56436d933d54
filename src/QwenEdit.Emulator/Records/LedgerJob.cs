using QwenEdit.Emulator.Accounts;
using QwenEdit.Emulator.Jobs;

namespace QwenEdit.Emulator.Records;

/// <summary>One job: one POST that was accepted.</summary>
/// <param name="RequestId">The id that the client was told, or would have been, had the answer arrived.</param>
/// <param name="Model">The model that was asked for.</param>
/// <param name="KeyId">The key that pays, masked.</param>
/// <param name="State">Its state now.</param>
/// <param name="Accepted">When it was accepted.</param>
/// <param name="Started">When a worker took it; null while it is queued.</param>
/// <param name="Finished">When it completed or failed; null before.</param>
/// <param name="Billed">What it cost, in credits; 0 unless completed.</param>
/// <param name="Polls">How often its status or result was asked for.</param>
/// <param name="Fetched">How often its output was asked for.</param>
/// <param name="ImageSha256">The hash of the image's bytes; null while a remote image is not there.</param>
/// <param name="OutputSha256">The hash of the output's bytes.</param>
/// <param name="Prompt">The prompt.</param>
/// <param name="Steps">As sent, or the default.</param>
/// <param name="Guidance">As sent, or the default.</param>
/// <param name="Seed">The seed that was used, where -1 asked for any.</param>
/// <param name="ImageFormat">As sent, or the default.</param>
/// <param name="Quality">As sent, or the default.</param>
/// <param name="Base64">As sent, or the default.</param>
/// <param name="Error">Why it failed.</param>
public sealed record LedgerJob(
    string RequestId, string Model, string KeyId, JobState State,
    DateTimeOffset Accepted, DateTimeOffset? Started, DateTimeOffset? Finished,
    decimal Billed, int Polls, int Fetched, string? ImageSha256, string? OutputSha256,
    string Prompt, int Steps, double Guidance, long Seed, string ImageFormat, int Quality, bool Base64, string? Error)
{
    internal static LedgerJob Of(Job job, long now)
    {
        var parameters = job.ReadParameters();
        return new LedgerJob(
            job.RequestId, job.Model, job.Account.KeyId, job.StateAt(now),
            Time(job.Accepted), now < job.Started ? null : Time(job.Started), job.Settled ? Time(job.Finished) : null,
            job.Billed, job.Polls, job.Fetched, job.Source?.Sha256, job.Settled ? job.Output?.Sha256 : null,
            parameters.Prompt, parameters.Steps, parameters.Guidance, job.Seed,
            parameters.Format.ToString().ToLowerInvariant(), parameters.Quality, parameters.Base64,
            job.Settled ? job.Error : null);
    }

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);
}
