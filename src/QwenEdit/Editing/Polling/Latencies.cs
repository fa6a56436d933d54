using QwenEdit.Journal;

namespace QwenEdit.Editing.Polling;

/// <summary>How long recent jobs took at this endpoint, model by model: those of the journal, then those of this call as they end.</summary>
/// <param name="journal">Where earlier ones are.</param>
internal sealed class Latencies(LatencyJournal journal)
{
    /// <summary>How many count: enough to tell their spread, few enough to follow a service whose pace changes.</summary>
    internal const int Window = 48;

    /// <summary>
    /// How many jobs in a row, whose first poll found them at their end, are asked for when the service's count says. Of such jobs nothing was
    /// observed that could contradict it, so the next one is asked for a little earlier.
    /// </summary>
    private const int Unproved = 8;

    private readonly object _turn = new();
    private readonly Dictionary<string, Model> _models = new(StringComparer.Ordinal);

    /// <summary>The plan of whole jobs, from their acceptance; <see langword="null"/> while too few were seen.</summary>
    internal PollPlan? Job(string model)
    {
        lock (_turn)
        {
            Model known = Of(model);
            return known.Job.Plan(known.Overstated);
        }
    }

    /// <summary>The plan of the work alone, from when a job leaves the queue; <see langword="null"/> while too few were seen.</summary>
    internal PollPlan? Work(string model)
    {
        lock (_turn)
        {
            Model known = Of(model);
            return known.Work.Plan(known.Overstated);
        }
    }

    /// <summary>Whether the first poll of a job is to come earlier than planned, to see whether such jobs end earlier than the service says.</summary>
    internal bool TakeProbe(string model)
    {
        lock (_turn)
        {
            Model known = Of(model);
            bool isDue = known.Streak >= Unproved;
            known.Streak = isDue ? 0 : known.Streak;
            return isDue;
        }
    }

    /// <summary>Takes note of a job that has ended well, by the service's own count.</summary>
    /// <param name="model">Its model.</param>
    /// <param name="told">How long it took, as the service says, in seconds.</param>
    /// <param name="work">How long of it in the model, as the service says.</param>
    /// <param name="done">Its age when it was seen to have ended.</param>
    internal void Tell(string model, double told, double? work, double done)
    {
        lock (_turn)
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

    /// <summary>Takes note of a job that has ended well, by what was seen of it.</summary>
    internal void Observe(string model, double latency)
    {
        lock (_turn)
        {
            Of(model).Job.Add(latency, isTold: false);
        }
    }

    /// <summary>Takes note of how a job's end was found.</summary>
    /// <param name="model">Its model.</param>
    /// <param name="isFirst">Whether by its first poll.</param>
    /// <param name="isProbe">Whether that came earlier than planned.</param>
    internal void Found(string model, bool isFirst, bool isProbe)
    {
        lock (_turn)
        {
            Model known = Of(model);
            // A probe that found the end is followed by another one, which may come earlier still.
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

        /// <summary>How many jobs in a row ended by their first poll.</summary>
        internal int Streak { get; set; }

        /// <summary>
        /// By how many seconds the service's count is too long, at least, by what was observed. The second largest of recent jobs, as one may be
        /// a mistake.
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
        private int _news;

        /// <summary>Made anew when an eighth of what it rests on is new, or the correction is another.</summary>
        /// <param name="overstated">By how much what was told is too long, in seconds.</param>
        internal PollPlan? Plan(double overstated)
        {
            if (_seen.Count >= PollPlan.Fewest && (_plan is null || _news > _seen.Count / 8 || Math.Abs(overstated - _overstated) > _plan.Cost / 4))
            {
                _plan = new PollPlan([.. _seen.Select(seen => seen.IsTold ? Math.Max(Shortest, seen.Seconds - overstated) : seen.Seconds)]);
                _overstated = overstated;
                _news = 0;
            }

            return _plan;
        }

        internal void Add(double seconds, bool isTold)
        {
            _news++;
            _seen.Enqueue((seconds, isTold));
            if (_seen.Count > Window)
            {
                _seen.Dequeue();
            }
        }
    }
}
