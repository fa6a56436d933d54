using System.Globalization;

namespace QwenEdit.Runs;

/// <summary>
/// What a run has spent, and the estimates for its edits in flight, in credits. The estimate for an edit is the highest of its model's recent costs. Not
/// safe for several threads.
/// </summary>
/// <param name="learn">Returns the highest recent cost of a model in the journal.</param>
internal sealed class SpendLedger(Func<string, decimal?> learn)
{
    private readonly Dictionary<string, Model> _models = new(StringComparer.Ordinal);

    /// <summary>The cost of the edits that have ended.</summary>
    internal decimal Spent { get; private set; }

    /// <summary>The number of edits in flight.</summary>
    internal int InFlight => _models.Values.Sum(each => each.InFlight);

    /// <summary>The number of edits that have ended.</summary>
    internal int Ended { get; private set; }

    /// <summary>The cost so far plus the estimates for the edits in flight.</summary>
    internal decimal Committed => Spent + _models.Values.Sum(each => each.InFlight * (each.Price ?? 0));

    /// <summary>Whether an edit may have been billed whose cost is unknown and can't be estimated.</summary>
    internal bool IsUnclear { get; private set; }

    /// <summary>Formats an amount for messages.</summary>
    internal static string Show(decimal credits) => credits.ToString("0.00####", CultureInfo.InvariantCulture);

    /// <summary>The estimated cost of an edit with a model; <see langword="null"/> if it is unknown.</summary>
    internal decimal? PriceOf(string model) => At(model).Price;

    /// <summary>Whether an edit in flight will tell the price of a model.</summary>
    internal bool IsLearning(string model) => At(model) is { Price: null, InFlight: > 0 };

    /// <summary>Whether one more edit stays within a limit. While the price is unknown, edits run one at a time, because the first one tells it.</summary>
    internal bool Fits(string model, decimal limit) => At(model).Price is { } price
        ? Committed + price <= limit
        : !IsLearning(model) && Committed < limit;

    /// <summary>Reserves the estimate for an edit.</summary>
    internal void Begin(string model) => At(model).InFlight++;

    /// <summary>Replaces the estimate for an edit with its cost.</summary>
    /// <param name="model">Its model.</param>
    /// <param name="cost">The cost, if known.</param>
    /// <param name="mayBeBilled">Whether the edit may have been billed.</param>
    internal void End(string model, decimal? cost, bool mayBeBilled)
    {
        Model ended = At(model);
        ended.InFlight--;
        Ended++;
        if (cost is not null)
        {
            ended.Price = Math.Max(ended.Price ?? 0, cost.Value);
        }

        Spent += cost ?? (mayBeBilled ? ended.Price ?? 0 : 0);
        IsUnclear |= mayBeBilled && ended.Price is null;
    }

    private Model At(string name)
    {
        if (!_models.TryGetValue(name, out Model? model))
        {
            _models[name] = model = new Model { Price = learn(name) };
        }

        return model;
    }

    private sealed class Model
    {
        internal decimal? Price { get; set; }

        internal int InFlight { get; set; }
    }
}
