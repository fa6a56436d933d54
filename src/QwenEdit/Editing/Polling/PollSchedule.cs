using QwenEdit.Segmind.Contracts;

namespace QwenEdit.Editing.Polling;

/// <summary>
/// When to poll one job, based on its own polls so far and on the latencies of earlier jobs. The job's age is in seconds since the service accepted
/// it, or since polling began if that time is not known.
/// </summary>
/// <param name="latencies">The latencies of earlier jobs.</param>
/// <param name="model">The job's model.</param>
/// <param name="isAgeKnown">Whether the time of acceptance is known.</param>
/// <param name="interval">A fixed pause between two polls, which replaces the schedule.</param>
internal sealed class PollSchedule(Latencies latencies, string model, bool isAgeKnown, TimeSpan? interval)
{
    /// <summary>
    /// The longest random delay of a poll, as a fraction of the job's age, so that the jobs of a batch are not polled at the same time.
    /// </summary>
    private const double Jitter = 0.01;

    /// <summary>How much earlier than planned an early poll may be, as a fraction of the job's age.</summary>
    private const double EarliestProbe = 0.1;

    /// <summary>A reported time that exceeds the observed time by this factor is ignored.</summary>
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

    /// <summary>Whether the next poll is likely to find the job's end, because it is scheduled by the ends of earlier jobs.</summary>
    internal bool IsLikely => interval is null && isAgeKnown && !_isBlind && latencies.Job(model) is not null;

    /// <summary>Returns the pause before the next poll.</summary>
    /// <param name="age">The job's age.</param>
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
            // The square makes a small shift more likely than a large one.
            _isProbe = true;
            next *= 1 - (EarliestProbe * chance * chance);
        }

        _planned = next + (chance * Jitter * next);
        return TimeSpan.FromSeconds(Math.Max(0, _planned - age));
    }

    /// <summary>Records that a poll found the job running.</summary>
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
            // A queued job has done no work yet, at any age.
            _queued = age;
        }
    }

    /// <summary>Records that a poll failed, so that there is no basis for a plan.</summary>
    internal void IsUnanswered() => _isBlind = true;

    /// <summary>Records that a poll found the job completed, which predicts the latency of other jobs.</summary>
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
            // The job may have ended long before, unless this poll came on time. The factor makes later polls earlier step by step, to find out
            // whether jobs have become faster.
            latencies.Observe(model, age * 0.95);
        }
    }

    private double Planned()
    {
        if (!isAgeKnown && !_wasSeen)
        {
            // The job may have ended already.
            return 0;
        }

        double whole = (isAgeKnown ? latencies.Job(model)?.Next(_running) : null) ?? _running + BlindPause(_running);
        if (_queued is not { } start || latencies.Work(model) is not { } work)
        {
            return whole;
        }

        // While the job is queued, its inference is still to come. After that, only the inference counts.
        double worked = start + work.Next(_running - start);
        return _isQueued ? Math.Max(whole, worked)
            // The inference began at an unknown time between two polls, so the end is equally likely anywhere in a range of this length. This pause
            // is then the best.
            : Math.Max(worked, _running + Math.Sqrt(2 * work.Cost * _unsure));
    }

    private static double BlindPause(double age) => Math.Min(LongestBlindPause, Math.Max(ShortestBlindPause, age / 8));
}
