using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace QwenEdit.Tests.Commands.Support;

/// <summary>Listens, in the tests' own load context, to what the built module tells by <c>System.Diagnostics</c>.</summary>
internal sealed class Listener : IDisposable
{
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly ConcurrentQueue<(string Instrument, double Value, KeyValuePair<string, object?>[] Tags)> _measurements = new();
    private readonly ActivityListener _activities;
    private readonly MeterListener _meters = new();

    internal Listener()
    {
        _activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "QwenEdit",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_activities);
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "QwenEdit")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => _measurements.Enqueue((instrument.Name, value, tags.ToArray())));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => _measurements.Enqueue((instrument.Name, value, tags.ToArray())));
        _meters.Start();
    }

    /// <summary>The spans that have ended, in that order.</summary>
    internal IReadOnlyList<Activity> Spans => [.. _spans];

    /// <summary>The measurements of an instrument, that have this tag if one is named.</summary>
    internal IReadOnlyList<double> Values(string instrument, string? tag = null, object? value = null) =>
        [.. _measurements
            .Where(each => each.Instrument == instrument && (tag is null || each.Tags.Any(pair => pair.Key == tag && Equals(pair.Value, value))))
            .Select(each => each.Value)];

    /// <summary>All words that were told.</summary>
    internal IEnumerable<string> Everything =>
        _spans.SelectMany(span => span.TagObjects.Select(tag => $"{tag.Value}").Append(span.DisplayName).Append($"{span.StatusDescription}"))
            .Concat(_measurements.SelectMany(each => each.Tags.Select(tag => $"{tag.Value}")));

    public void Dispose()
    {
        _activities.Dispose();
        _meters.Dispose();
    }
}
