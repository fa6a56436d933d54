using System.Collections.Concurrent;
using System.Security.Cryptography;
using QwenEdit.Emulator.Jobs;

namespace QwenEdit.Emulator.Spool;

/// <summary>The host of the files: outputs of jobs and uploaded assets, at random URLs.</summary>
internal sealed class FileStore(EmulatorOptions options)
{
    private readonly byte[] secret = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, SpoolFile> assets = new(StringComparer.Ordinal);

    public Uri Endpoint { get; set; } = new("http://127.0.0.1");

    public JobQueue? Jobs { get; set; }

    public string PathOf(Job job) => $"/outputs/{job.Id:N}-{MacOf(job.Id)}.{job.Output?.Kind.Extension()}";

    public string UrlOf(Job job) => new Uri(Endpoint, PathOf(job)).AbsoluteUri;

    public string AddAsset(SpoolFile file)
    {
        var path = $"/assets/{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}.{file.Kind.Extension()}";
        assets[path] = file;
        return new Uri(Endpoint, path).AbsoluteUri;
    }

    /// <summary>The file at a URL of this store; null for other URLs.</summary>
    public SpoolFile? Find(Uri address) => !(address.Authority == Endpoint.Authority || (address.IsLoopback && address.Port == Endpoint.Port)) ? null
        : assets.TryGetValue(address.AbsolutePath, out var asset) ? asset
        : FindJob(address.AbsolutePath)?.Output;

    public SpoolFile? FindAsset(string path) => assets.GetValueOrDefault(path);

    /// <summary>The job whose output has this path and is still kept.</summary>
    public Job? FindJob(string path)
    {
        const string folder = "/outputs/";
        var name = path.StartsWith(folder, StringComparison.Ordinal) ? path[folder.Length..].Split('.')[0].Split('-') : [];
        return name is [var id, var mac] && Guid.TryParseExact(id, "N", out var parsed) && mac == MacOf(parsed)
            ? Jobs!.Look(parsed, (job, now) => job is { Settled: true, Output: not null } && now < job.Finished + options.FileRetention.Ticks ? job : null)
            : null;
    }

    public void Clear() => assets.Clear();

    private string MacOf(Guid id) => Convert.ToHexStringLower(HMACSHA256.HashData(secret, id.ToByteArray()).AsSpan(0, 16));
}
