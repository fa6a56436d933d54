using System.Diagnostics;

namespace QwenEdit.Diagnostics;

/// <summary>The span of one edit within a run; the requests that are made for it lie below it. Ended once.</summary>
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

    /// <summary>The edit has ended.</summary>
    /// <param name="status">Its outcome, or how else it left.</param>
    /// <param name="error">What it met.</param>
    /// <param name="requestId">Its job.</param>
    /// <param name="cost">What the job cost, in credits.</param>
    /// <param name="duration">How long it took.</param>
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
