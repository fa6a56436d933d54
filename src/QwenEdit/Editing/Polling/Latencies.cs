using QwenEdit.Journal;

namespace QwenEdit.Editing.Polling;

/// <summary>The latencies of recent jobs at this endpoint, per model: first those in the journal, then those of this run as its jobs end.</summary>
/// <param name="journal">Provides the earlier latencies.</param>
internal sealed class Latencies(LatencyJournal journal)
{
    /// <summary>How many latencies are kept: enough to know their spread, few enough to follow a service whose speed changes.</summary>
    internal const int Window = 48;

    /// <summary>
    /// The number of consecutive jobs that had ended by their first poll after which the next job is polled earlier than planned. Nothing was
    /// observed about these jobs that could show that the service reports too long a time.
    /// </summary>
    private const int Unproved = 8;

    private readonly object _lock = new();
    private readonly Dictionary<string, Model> _models = new(StringComparer.Ordinal);

    /// <summary>Returns the plan for whole jobs, from their acceptance; <see langword="null"/> while too few latencies are known.</summary>
    internal PollPlan? Job(string model)
    {
        lock (_lock)
        {
            Model known = Of(model);
            return known.Job.Plan(known.Overstated);
        }
    }

    /// <summary>
    /// Returns the plan for the inference only, from when a job leaves the queue; <see langword="null"/> while too few latencies are known.
    /// </summary>
    internal PollPlan? Work(string model)
    {
        lock (_lock)
        {
            Model known = Of(model);
            return known.Work.Plan(known.Overstated);
        }
    }

    /// <summary>
    /// Returns whether the first poll of a job should come earlier than planned, to find out whether jobs end earlier than the service reports.
    /// </summary>
    internal bool TakeProbe(string model)
    {
        lock (_lock)
        {
            Model known = Of(model);
            bool isDue = known.Streak >= Unproved;
            known.Streak = isDue ? 0 : known.Streak;
            return isDue;
        }
    }

    /// <summary>Adds the time that the service reports for a completed job.</summary>
    /// <param name="model">The job's model.</param>
    /// <param name="told">The reported duration of the job, in seconds.</param>
    /// <param name="work">The reported duration of the inference, in seconds.</param>
    /// <param name="done">The job's age in seconds when a poll found that it had ended.</param>
    internal void Tell(string model, double told, double? work, double done)
    {
        lock (_lock)
        {
            Model known = Of(model);
            known.Job.Add(told, isTold: true);
            if (work is not null)
            {
                known.Work.Add(work.Value, isTold: true);
            }

            known.Add(told - done);
        }
    }

    /// <summary>Adds the observed latency of a completed job, in seconds.</summary>
    internal void Observe(string model, double latency)
    {
        lock (_lock)
        {
            Of(model).Job.Add(latency, isTold: false);
        }
    }

    /// <summary>Records how the end of a job was found.</summary>
    /// <param name="model">The job's model.</param>
    /// <param name="isFirst">Whether the first poll found it.</param>
    /// <param name="isProbe">Whether the first poll came earlier than planned.</param>
    internal void Found(string model, bool isFirst, bool isProbe)
    {
        lock (_lock)
        {
            Model known = Of(model);
            // If an early poll finds the end, the next job is polled early too, as jobs may end even earlier.
            known.Streak = !isFirst ? 0 : isProbe ? Unproved : known.Streak + 1;
        }
    }

    private Model Of(string model)
    {
        if (!_models.TryGetValue(model, out Model? known))
        {
            _models[model] = known = new Model();
            foreach ((double latency, double work) in journal.Recent(model, Window))
            {
                known.Job.Add(latency, isTold: true);
                known.Work.Add(work, isTold: true);
            }
        }

        return known;
    }

    private sealed class Model
    {
        internal Series Job { get; } = new();

        internal Series Work { get; } = new();

        /// <summary>The number of consecutive jobs that had ended by their first poll.</summary>
        internal int Streak { get; set; }

        /// <summary>
        /// The minimum number of seconds by which the reported time is too long, according to observations. It is the second largest value of recent
        /// jobs, as a single one may be an error.
        /// </summary>
        internal double Overstated { get; private set; }

        internal void Add(double excess)
        {
            const int Recent = 16;
            _excesses.Enqueue(excess);
            if (_excesses.Count > Recent)
            {
                _excesses.Dequeue();
            }

            Overstated = Math.Max(0, _excesses.OrderByDescending(each => each).ElementAtOrDefault(1));
        }

        private readonly Queue<double> _excesses = new();
    }

    private sealed class Series
    {
        private const double Shortest = 0.001;

        private readonly Queue<(double Seconds, bool IsTold)> _seen = new();
        private PollPlan? _plan;
        private double _overstated;

        /// <summary>Returns the plan for the latencies so far.</summary>
        /// <param name="overstated">The correction: by how many seconds the reported times are too long.</param>
        internal PollPlan? Plan(double overstated)
        {
            if (_seen.Count >= PollPlan.Fewest && (_plan is null || overstated != _overstated))
            {
                _plan = new PollPlan([.. _seen.Select(seen => seen.IsTold ? Math.Max(Shortest, seen.Seconds - overstated) : seen.Seconds)]);
                _overstated = overstated;
            }

            return _plan;
        }

        internal void Add(double seconds, bool isTold)
        {
            _plan = null;
            _seen.Enqueue((seconds, isTold));
            if (_seen.Count > Window)
            {
                _seen.Dequeue();
            }
        }
    }
}
