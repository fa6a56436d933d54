using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;

namespace QwenEdit.Diagnostics;

/// <summary>
/// The module's traces and metrics for OpenTelemetry and other listeners in the process. Without a listener, nothing is created or stored. The names
/// are documented in <c>docs/telemetry.md</c>.
/// </summary>
internal static class Metrics
{
    /// <summary>The name of the activity source and of the meter.</summary>
    internal const string Name = "QwenEdit";

    private static readonly string Version =
        typeof(Metrics).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private static readonly Meter Meter = new(Name, Version);

    internal static readonly ActivitySource Source = new(Name, Version);

    internal static readonly Counter<long> Edits = Meter.CreateCounter<long>("qwenedit.edits", "{edit}", "Edits that have ended, by their status.");

    internal static readonly UpDownCounter<long> ActiveEdits = Meter.CreateUpDownCounter<long>("qwenedit.edits.active", "{edit}", "Edits under way.");

    internal static readonly Histogram<double> EditDuration = Meter.CreateHistogram<double>(
        "qwenedit.edit.duration", "s", "From an edit's turn to its end, by its status.");

    internal static readonly Counter<double> Cost = Meter.CreateCounter<double>("qwenedit.cost", "{credit}", "What jobs cost that were seen completed for the first time.");

    internal static readonly Histogram<double> RequestDuration = Meter.CreateHistogram<double>(
        "qwenedit.request.duration", "s", "From a request's leaving to the end of its answer, by route and HTTP status.");

    internal static readonly UpDownCounter<long> ActiveRequests = Meter.CreateUpDownCounter<long>("qwenedit.requests.active", "{request}", "Requests on their way.");

    internal static readonly Histogram<double> RateLimitWait = Meter.CreateHistogram<double>(
        "qwenedit.rate_limit.wait", "s", "How long the service's rate limit (429) made requests wait.");
}
