using QwenEdit.Segmind.Contracts;

namespace QwenEdit.Editing.Polling;

/// <summary>
/// When to ask for one job: by what was seen of it so far, and by what jobs before it took. Its age is in seconds since the service accepted it, or
/// where nobody knows when that was, since it is watched.
/// </summary>
/// <param name="latencies">What jobs before it took.</param>
/// <param name="model">The job's model.</param>
/// <param name="isAgeKnown">Whether its age is known.</param>
/// <param name="interval">A fixed pause between two polls, which is all there is to say then.</param>
internal sealed class PollSchedule(Latencies latencies, string model, bool isAgeKnown, TimeSpan? interval)
{
    /// <summary>How much later a poll may be than it could, in parts of the job's age, so that a batch does not ask in step.</summary>
    private const double Jitter = 0.01;

    /// <summary>How much earlier than planned a probe may be, in parts of the job's age.</summary>
    private const double EarliestProbe = 0.1;

    /// <summary>A count of the service's that is so many times what was observed says nothing.</summary>
    private const double AbsurdCount = 2;

    private const double ShortestBlindPause = 0.5;
    private const double LongestBlindPause = 5;

    private bool _wasSeen;
    private double _running;
    private double? _queued;
    private bool _isQueued;
    private double _unsure;
    private bool _isBlind;
    private double _planned;
    private bool _isProbe;

    /// <summary>Whether the next poll is likely to find the job's end, as it comes when those before it ended.</summary>
    internal bool IsLikely => interval is null && isAgeKnown && !_isBlind && latencies.Job(model) is not null;

    /// <summary>How long to pause before the next poll.</summary>
    /// <param name="age">How old the job is.</param>
    /// <param name="chance">A random number from 0 to 1.</param>
    internal TimeSpan Next(double age, double chance)
    {
        if (interval is { } pause)
        {
            return pause;
        }

        double next = _isBlind ? age + BlindPause(age) : Planned();
        if (IsLikely && !_wasSeen && _planned == 0 && latencies.TakeProbe(model))
        {
            // Mostly a little earlier.
            _isProbe = true;
            next *= 1 - (EarliestProbe * chance * chance);
        }

        _planned = next + (chance * Jitter * next);
        return TimeSpan.FromSeconds(Math.Max(0, _planned - age));
    }

    /// <summary>A poll found the job running.</summary>
    internal void IsRunning(EditState state, double age)
    {
        if (_isQueued && state != EditState.Queued)
        {
            _unsure = age - _running;
        }

        _wasSeen = true;
        _running = age;
        _isBlind = false;
        _isQueued = state == EditState.Queued;
        if (_isQueued)
        {
            // No work has been done by now, whatever the age.
            _queued = age;
        }
    }

    /// <summary>A poll got no answer, so that there is nothing to plan by.</summary>
    internal void IsUnanswered() => _isBlind = true;

    /// <summary>A poll found the job completed: others will take about as long.</summary>
    internal void HasEnded(JobReport report, double age)
    {
        if (!isAgeKnown)
        {
            return;
        }

        latencies.Found(model, isFirst: !_wasSeen, _isProbe);
        double? counted = report.QueueSeconds + report.InferenceSeconds;
        if (counted is { } told && told > _running && told < age * AbsurdCount)
        {
            latencies.Tell(model, told, report.InferenceSeconds is { } work && work > 0 ? work : null, age);
        }
        else if (_running > 0)
        {
            latencies.Observe(model, (_running + age) / 2);
        }
        else if (age <= _planned * (1 + Jitter))
        {
            // It may have ended long ago, unless this poll came when it was due. A little less each time finds the jobs that have become quicker.
            latencies.Observe(model, age * 0.95);
        }
    }

    private double Planned()
    {
        if (!isAgeKnown && !_wasSeen)
        {
            // It may have ended by now.
            return 0;
        }

        double whole = (isAgeKnown ? latencies.Job(model)?.Next(_running) : null) ?? _running + BlindPause(_running);
        if (_queued is not { } start || latencies.Work(model) is not { } work)
        {
            return whole;
        }

        // In the queue the work is still to come; after it, only the work counts.
        double worked = start + work.Next(_running - start);
        return _isQueued ? Math.Max(whole, worked)
            // That it began at some time in a span makes the end as likely anywhere in such a span, where this is the best pause.
            : Math.Max(worked, _running + Math.Sqrt(2 * work.Cost * _unsure));
    }

    private static double BlindPause(double age) => Math.Min(LongestBlindPause, Math.Max(ShortestBlindPause, age / 8));
}
