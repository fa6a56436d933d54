using System.Diagnostics;

namespace QwenEdit.Diagnostics;

/// <summary>The span of one edit in a run, and the parent of its requests' spans. It is ended once.</summary>
internal sealed class EditSpan
{
    private readonly Activity? _activity;

    internal EditSpan(ActivityContext run, string? model)
    {
        Metrics.ActiveEdits.Add(1);
        _activity = Metrics.Source.StartActivity("edit", ActivityKind.Internal, run);
        if (model is { Length: > 0 })
        {
            _activity?.SetTag("qwenedit.model", model);
        }
    }

    /// <summary>Ends the span.</summary>
    /// <param name="status">The edit's outcome, or why the run stopped working on it.</param>
    /// <param name="error">The edit's error.</param>
    /// <param name="requestId">The id of its job.</param>
    /// <param name="cost">The cost of the job, in credits.</param>
    /// <param name="duration">The duration of the edit.</param>
    internal void End(string status, EditError? error, string? requestId, decimal? cost, TimeSpan duration)
    {
        KeyValuePair<string, object?> tag = new("qwenedit.status", status);
        Metrics.ActiveEdits.Add(-1);
        Metrics.Edits.Add(1, tag);
        Metrics.EditDuration.Record(duration.TotalSeconds, tag);
        if (_activity is null)
        {
            return;
        }

        _activity.SetTag("qwenedit.status", status);
        if (requestId is { Length: > 0 })
        {
            _activity.SetTag("qwenedit.request.id", requestId);
        }

        if (cost is not null)
        {
            _activity.SetTag("qwenedit.cost", (double)cost.Value);
        }

        if (error is not null)
        {
            _activity.SetTag("error.type", error.Value.ToString());
            _activity.SetStatus(ActivityStatusCode.Error);
        }

        _activity.Stop();
    }
}
