using System.Globalization;

namespace QwenEdit.Engine;

/// <summary>
/// Holds a run's spending below <c>-MaxCost</c>: the cost so far, and an estimate for every edit in flight, never pass it. The estimate is the
/// highest of the model's recent costs. While there is none, edits go one at a time, so that the first tells the price.
/// </summary>
/// <param name="maximum">The most that this run's own submissions may cost, in credits; <see langword="null"/> for no limit.</param>
/// <param name="learn">The highest recent cost of a model, by the journal.</param>
/// <param name="brake">Stops the run when the next edit could pass the maximum.</param>
internal sealed class CostCap(decimal? maximum, Func<string, decimal?> learn, SubmissionBrake brake)
{
    private readonly object _turn = new();
    private readonly Dictionary<string, Price> _prices = new(StringComparer.Ordinal);
    private TaskCompletionSource<bool> _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private decimal _spent;

    /// <summary>Whether there is a limit, and no cost to go by.</summary>
    internal bool NeedsPrice(string model)
    {
        lock (_turn)
        {
            return maximum is not null && PriceOf(model).Cost is null;
        }
    }

    /// <summary>Does what costs, as soon as it may.</summary>
    /// <param name="model">The model, whose price it is.</param>
    /// <param name="spend">Submits, and with no price to go by sees the job to its end.</param>
    /// <param name="bill">What it cost, if that is known, and whether it may have cost anything.</param>
    /// <param name="cancellationToken">Gives up waiting for its turn.</param>
    /// <exception cref="QwenEditException"><see cref="EditError.SubmissionStopped"/>, or what <paramref name="spend"/> throws.</exception>
    internal async Task<T> SpendAsync<T>(
        string model, Func<Task<T>> spend, Func<T, (decimal? Cost, bool MayBeBilled)> bill, CancellationToken cancellationToken)
    {
        if (maximum is null)
        {
            return await spend().ConfigureAwait(false);
        }

        await ReserveAsync(model, cancellationToken).ConfigureAwait(false);
        (decimal? Cost, bool MayBeBilled) billed = (null, true);
        try
        {
            T ended = await spend().ConfigureAwait(false);
            billed = bill(ended);
            return ended;
        }
        catch (QwenEditException exception) when (exception.Error != EditError.OutcomeUnknown)
        {
            billed = (null, false);
            throw;
        }
        finally
        {
            Settle(model, billed.Cost, billed.MayBeBilled);
        }
    }

    private async Task ReserveAsync(string model, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration stopped = cancellationToken.Register(Wake);
        using CancellationTokenRegistration pulled = brake.Pulled.Register(Wake);
        while (true)
        {
            Task changed;
            cancellationToken.ThrowIfCancellationRequested();
            brake.ThrowIfStopped();
            lock (_turn)
            {
                Price price = PriceOf(model);
                decimal committed = _spent + _prices.Values.Sum(each => each.InFlight * (each.Cost ?? 0));
                bool mayStart = price.Cost is { } cost
                    ? committed + cost <= maximum
                    : price.InFlight == 0 && committed < maximum;
                if (mayStart)
                {
                    price.InFlight++;
                    return;
                }

                // What is in flight may cost less than is kept for it, or nothing.
                if (_prices.Values.All(each => each.InFlight == 0))
                {
                    brake.Pull(Reached(price.Cost));
                }

                changed = _changed.Task;
            }

            await (brake.Cause is null ? changed : Task.CompletedTask).ConfigureAwait(false);
        }
    }

    private void Settle(string model, decimal? cost, bool mayBeBilled)
    {
        lock (_turn)
        {
            Price price = PriceOf(model);
            price.InFlight--;
            if (cost is not null)
            {
                price.Cost = Math.Max(price.Cost ?? 0, cost.Value);
            }

            _spent += cost ?? (mayBeBilled ? price.Cost ?? 0 : 0);
            if (mayBeBilled && price.Cost is null)
            {
                brake.Pull(new QwenEditException(
                    EditError.MaxCostReached, $"-MaxCost {Show(maximum!.Value)} can't be kept: an edit with {model} may have been billed, and its cost is not known."));
            }
        }

        Wake();
    }

    private QwenEditException Reached(decimal? cost) => new(
        EditError.MaxCostReached,
        $"-MaxCost {Show(maximum!.Value)} is reached: this run has spent {Show(_spent)}{(cost is null ? "" : $", and another edit costs about {Show(cost.Value)}")}.");

    private Price PriceOf(string model)
    {
        if (!_prices.TryGetValue(model, out Price? price))
        {
            _prices[model] = price = new Price { Cost = learn(model) };
        }

        return price;
    }

    private void Wake()
    {
        lock (_turn)
        {
            _changed.TrySetResult(true);
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private static string Show(decimal credits) => credits.ToString("0.00####", CultureInfo.InvariantCulture);

    private sealed class Price
    {
        internal decimal? Cost { get; set; }

        internal int InFlight { get; set; }
    }
}
