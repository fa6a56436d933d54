using System.Diagnostics;
using System.Globalization;

namespace QwenEdit.Diagnostics;

/// <summary>The span of a whole run. Its edits name it as their parent explicitly, as the pipeline thread runs other commands meanwhile.</summary>
internal sealed class RunSpan
{
    private readonly Activity? _activity;

    internal RunSpan(string command)
    {
        Activity? outer = Activity.Current;
        _activity = Metrics.Source.StartActivity(command);
        Activity.Current = outer;
    }

    /// <summary>The parent context for the spans of the run's edits.</summary>
    internal ActivityContext Context => _activity?.Context ?? default;

    internal void End(EditRun run)
    {
        if (_activity is null)
        {
            return;
        }

        _activity.SetTag("qwenedit.run.id", run.RunId);
        _activity.SetTag("qwenedit.run.total", run.Total);
        _activity.SetTag("qwenedit.run.exit_code", run.ExitCode);
        _activity.SetTag("qwenedit.cost", (double)run.Cost);
        if (run.StoppedBy is { } stop)
        {
            _activity.SetTag("qwenedit.run.stopped_by", stop.ToString());
        }

        if (run.ExitCode != 0)
        {
            _activity.SetTag("error.type", run.ExitCode.ToString(CultureInfo.InvariantCulture));
            _activity.SetStatus(ActivityStatusCode.Error);
        }

        Activity? outer = Activity.Current;
        _activity.Stop();
        Activity.Current = outer;
    }
}
