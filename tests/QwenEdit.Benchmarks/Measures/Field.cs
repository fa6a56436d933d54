using QwenEdit.Benchmarks.Contenders;
using QwenEdit.Benchmarks.Processes;

namespace QwenEdit.Benchmarks.Measures;

/// <summary>The contenders, each in its process, over the same images and the same service.</summary>
internal sealed class Field : IDisposable
{
    internal const string A = "(a) streaming HttpClient";
    internal const string Module = "QwenEdit";
    internal const string OtherBuild = "QwenEdit, the other build";

    private readonly Bench _bench;
    private readonly ServiceProcess _service;
    private readonly Dictionary<string, ContenderProcess> _contenders = [];

    private Field(Bench bench, ServiceProcess service)
    {
        _bench = bench;
        _service = service;
        _contenders[A] = ContenderProcess.Start(ContenderLoop.Streaming);
    }

    internal IEnumerable<string> Names => _contenders.Keys;

    /// <summary>Starts the contenders: (a), the module, and the other build if there is one, otherwise (b) and (c).</summary>
    internal static async Task<Field> OpenAsync(Bench bench, ServiceProcess service, Extent extent)
    {
        Field field = new(bench, service);
        if (extent.Against is null)
        {
            field._contenders["(b) naive HttpClient"] = ContenderProcess.Start(ContenderLoop.Naive);
            field._contenders["(c) Invoke-RestMethod"] = ContenderProcess.StartPowerShell();
        }
        else
        {
            await (field._contenders[OtherBuild] = ContenderProcess.StartPowerShell()).RunAsync(ModuleScript.ImportFrom(extent.Against));
        }

        await (field._contenders[Module] = ContenderProcess.StartPowerShell()).RunAsync(ModuleScript.Import);
        return field;
    }

    /// <summary>Whether a contender is a build of the module.</summary>
    internal static bool IsModule(string name) => name is Module or OtherBuild;

    /// <summary>Has one contender edit all images into a new folder.</summary>
    /// <param name="name">Which.</param>
    /// <param name="parallel">How many images at once.</param>
    /// <param name="pollSeconds">The pause before each poll, for those that know of no other.</param>
    /// <param name="modulePollSeconds">The module's; <see langword="null"/> for its own polling.</param>
    internal async Task<Lap> RunAsync(string name, int parallel, double pollSeconds, double? modulePollSeconds)
    {
        await _service.ResetAsync();
        string results = _bench.NewResults();
        Lap lap = await _contenders[name].RunAsync(IsModule(name)
            ? ModuleScript.Edit(_bench, _service, results, parallel, modulePollSeconds)
            : new ContenderTask { Endpoint = _service.Endpoint, Images = _bench.Images, Results = results, Parallel = parallel, PollSeconds = pollSeconds });
        int expected = Directory.GetFiles(_bench.Images).Length;
        int written = Directory.GetFiles(results).Length;
        Directory.Delete(results, recursive: true);
        return lap.Count == expected && written == expected
            ? lap
            : throw new InvalidOperationException($"{name} wrote {written} of {expected} images.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ContenderProcess contender in _contenders.Values)
        {
            contender.Dispose();
        }
    }
}
