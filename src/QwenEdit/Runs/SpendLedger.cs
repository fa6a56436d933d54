using System.Globalization;

namespace QwenEdit.Runs;

/// <summary>
/// What a run has spent, and what it has in flight, in credits. The estimate for an edit is the highest of its model's recent costs. For one
/// thread at a time.
/// </summary>
/// <param name="learn">The highest recent cost of a model, by the journal.</param>
internal sealed class SpendLedger(Func<string, decimal?> learn)
{
    private readonly Dictionary<string, Model> _models = new(StringComparer.Ordinal);

    /// <summary>What the edits that have ended cost.</summary>
    internal decimal Spent { get; private set; }

    /// <summary>How many edits are in flight.</summary>
    internal int InFlight => _models.Values.Sum(each => each.InFlight);

    /// <summary>How many edits have ended.</summary>
    internal int Ended { get; private set; }

    /// <summary>What was spent, and an estimate for what is in flight.</summary>
    internal decimal Committed => Spent + _models.Values.Sum(each => each.InFlight * (each.Price ?? 0));

    /// <summary>Whether an edit may have been billed whose cost nobody named, and can't be estimated.</summary>
    internal bool IsUnclear { get; private set; }

    /// <summary>An amount as it is shown.</summary>
    internal static string Show(decimal credits) => credits.ToString("0.00####", CultureInfo.InvariantCulture);

    /// <summary>What an edit with a model costs; <see langword="null"/> if that is not known.</summary>
    internal decimal? PriceOf(string model) => At(model).Price;

    /// <summary>Whether the price of a model is about to be known, by an edit in flight.</summary>
    internal bool IsLearning(string model) => At(model) is { Price: null, InFlight: > 0 };

    /// <summary>Whether one more edit stays within a limit. With no price to go by, edits go one at a time, so that the first tells it.</summary>
    internal bool Fits(string model, decimal limit) => At(model).Price is { } price
        ? Committed + price <= limit
        : !IsLearning(model) && Committed < limit;

    /// <summary>An edit begins.</summary>
    internal void Begin(string model) => At(model).InFlight++;

    /// <summary>An edit has ended.</summary>
    /// <param name="model">Its model.</param>
    /// <param name="cost">What it cost, if that is known.</param>
    /// <param name="mayBeBilled">Whether it may have cost anything.</param>
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
