using QwenEdit.Journal;

namespace QwenEdit.Engine;

/// <summary>How long recent jobs took at this endpoint, model by model: those of the journal, then those of this call as they end.</summary>
/// <param name="journal">Where earlier ones are.</param>
internal sealed class Latencies(LatencyJournal journal)
{
    /// <summary>How many count: enough to tell their spread, few enough to follow a service whose pace changes.</summary>
    internal const int Window = 48;

    private readonly object _turn = new();
    private readonly Dictionary<string, Model> _models = new(StringComparer.Ordinal);

    /// <summary>The plan of whole jobs, from their acceptance; <see langword="null"/> while too few were seen.</summary>
    internal PollPlan? Job(string model)
    {
        lock (_turn)
        {
            return Of(model).Job.Plan;
        }
    }

    /// <summary>The plan of the work alone, from when a job leaves the queue; <see langword="null"/> while too few were seen.</summary>
    internal PollPlan? Work(string model)
    {
        lock (_turn)
        {
            return Of(model).Work.Plan;
        }
    }

    /// <summary>Takes note of a job that has ended well, in seconds.</summary>
    internal void Observe(string model, double latency, double? work)
    {
        lock (_turn)
        {
            Model known = Of(model);
            known.Job.Add(latency);
            if (work is not null)
            {
                known.Work.Add(work.Value);
            }
        }
    }

    private Model Of(string model)
    {
        if (!_models.TryGetValue(model, out Model? known))
        {
            _models[model] = known = new Model();
            foreach ((double latency, double work) in journal.Recent(model, Window))
            {
                known.Job.Add(latency);
                known.Work.Add(work);
            }
        }

        return known;
    }

    private sealed class Model
    {
        internal Series Job { get; } = new();

        internal Series Work { get; } = new();
    }

    private sealed class Series
    {
        private readonly Queue<double> _seen = new();
        private PollPlan? _plan;
        private int _news;

        /// <summary>Made anew when an eighth of what it rests on is new.</summary>
        internal PollPlan? Plan
        {
            get
            {
                if (_seen.Count >= PollPlan.Fewest && (_plan is null || _news > _seen.Count / 8))
                {
                    _plan = new PollPlan(_seen);
                    _news = 0;
                }

                return _plan;
            }
        }

        internal void Add(double seconds)
        {
            _news++;
            _seen.Enqueue(seconds);
            if (_seen.Count > Window)
            {
                _seen.Dequeue();
            }
        }
    }
}
