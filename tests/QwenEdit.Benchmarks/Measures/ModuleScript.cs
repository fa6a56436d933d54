using System.Globalization;
using QwenEdit.Benchmarks.Contenders;
using QwenEdit.Benchmarks.Processes;
using QwenEdit.Tests.Support;

namespace QwenEdit.Benchmarks.Measures;

/// <summary>What the module is asked to do, as a user would type it.</summary>
internal static class ModuleScript
{
    internal static ContenderTask Import { get; } = ImportFrom(BuiltModule.Manifest);

    /// <summary>Imports a build of the module.</summary>
    internal static ContenderTask ImportFrom(string manifest) => new() { Script = $"Import-Module {Quote(manifest)}" };

    /// <summary>Edits a folder of images.</summary>
    /// <param name="bench">Where the images and the journal are.</param>
    /// <param name="service">Who edits them.</param>
    /// <param name="results">The folder for the results.</param>
    /// <param name="parallel">How many at once; <see langword="null"/> for the module's own number.</param>
    /// <param name="pollSeconds">The pause between polls; <see langword="null"/> for the module's own.</param>
    /// <param name="more">Further parameters.</param>
    internal static ContenderTask Edit(
        Bench bench, ServiceProcess service, string results, int? parallel, double? pollSeconds = null, string more = "") => new()
        {
            Script = $"Get-ChildItem {Quote(bench.Images)} | {Invoke(bench, service, parallel, pollSeconds)} -DestinationPath {Quote(results + "/")} {more}",
        };

    /// <summary>The cmdlet with all that does not come from the pipeline.</summary>
    internal static string Invoke(Bench bench, ServiceProcess service, int? parallel, double? pollSeconds)
    {
        string poll = pollSeconds is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"-PollIntervalSec {seconds}") : "";
        return $"Invoke-QwenImageEdit -Prompt '{HttpLoop.Prompt}' -Endpoint {service.Endpoint} -HistoryEndpoint {service.HistoryEndpoint} "
            + $"-ApiKey {ServiceProcess.ApiKey} -JournalPath {Quote(bench.Journal)} {(parallel is null ? "" : $"-ThrottleLimit {parallel}")} {poll}";
    }

    /// <summary>A text as PowerShell takes it literally.</summary>
    internal static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
