namespace QwenEdit.Runs;

/// <summary>
/// Keeps a run's spending within <c>-MaxCost</c>, and within <c>-ConfirmAbove</c> until the user consents to more. The cost so far plus the estimates for
/// all edits in flight never exceeds them.
/// </summary>
/// <param name="maximum">The maximum cost of this run's own submissions, in credits; <see langword="null"/> for no limit.</param>
/// <param name="consent">The consent to spend more than a threshold; <see langword="null"/> if none is needed.</param>
/// <param name="learn">Returns the highest recent cost of a model in the journal.</param>
/// <param name="breaker">Stops the run when the next edit could exceed the maximum, or the user does not consent.</param>
internal sealed class CostLimit(decimal? maximum, CostConfirmation? consent, Func<string, decimal?> learn, SubmissionBreaker breaker)
{
    private readonly object _turn = new();
    private readonly SpendLedger _spending = new(learn);
    private readonly ChangeSignal _changed = new();

    /// <summary>Whether there is a limit, and the cost of an edit is unknown.</summary>
    internal bool NeedsPrice(string model)
    {
        lock (_turn)
        {
            return HasLimit && _spending.PriceOf(model) is null;
        }
    }

    /// <summary>Submits an edit when its cost is within the limits.</summary>
    /// <param name="model">The model.</param>
    /// <param name="spend">Submits the edit. If the price is unknown, also waits for the end of the job.</param>
    /// <param name="bill">Returns the cost, if known, and whether the edit may have been billed.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="QwenEditException"><see cref="EditError.SubmissionStopped"/>, or what <paramref name="spend"/> throws.</exception>
    internal async Task<T> SpendAsync<T>(
        string model, Func<Task<T>> spend, Func<T, (decimal? Cost, bool MayBeBilled)> bill, CancellationToken cancellationToken)
    {
        if (!HasLimit)
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
        catch (QwenEditException exception) when (EditErrorCatalog.Of(exception.Error).WithoutJob != EditOutcome.Unknown)
        {
            billed = (null, false);
            throw;
        }
        finally
        {
            Settle(model, billed.Cost, billed.MayBeBilled);
        }
    }

    private bool HasLimit => maximum is not null || consent is { IsGiven: false };

    private async Task ReserveAsync(string model, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration stopped = cancellationToken.Register(_changed.Raise);
        using CancellationTokenRegistration pulled = breaker.Tripped.Register(_changed.Raise);
        while (true)
        {
            Task changed = _changed.Next;
            CostQuestion? question = null;
            cancellationToken.ThrowIfCancellationRequested();
            breaker.ThrowIfStopped();
            lock (_turn)
            {
                bool isAllowed = maximum is null || _spending.Fits(model, maximum.Value);
                bool isConsented = consent is null or { IsGiven: true } || (!_spending.IsUnclear && _spending.Fits(model, consent.Threshold));
                if (isAllowed && isConsented)
                {
                    _spending.Begin(model);
                    return;
                }

                if (!isAllowed)
                {
                    // The edits in flight may cost less than estimated, or nothing.
                    if (_spending.InFlight == 0)
                    {
                        breaker.Trip(Reached(_spending.PriceOf(model)));
                    }
                }
                else if (!consent!.IsAsked && !_spending.IsLearning(model))
                {
                    consent.IsAsked = true;
                    question = Question(model);
                }
            }

            // The other edits wait for the answer. Edits in flight continue.
            await (question is not null ? AskAsync(question, cancellationToken) : breaker.Cause is null ? changed : Task.CompletedTask).ConfigureAwait(false);
        }
    }

    private async Task AskAsync(CostQuestion question, CancellationToken cancellationToken)
    {
        CostAnswer answer = await consent!.AskAsync(question, cancellationToken).ConfigureAwait(false);
        lock (_turn)
        {
            consent.IsGiven = answer.IsYes;
        }

        if (!answer.IsYes)
        {
            string why = answer.Obstacle is null ? "the answer was No" : "nobody can be asked here";
            breaker.Trip(new QwenEditException(
                EditError.ConfirmAboveReached, $"-ConfirmAbove {SpendLedger.Show(question.Threshold)} would be passed, and {why}: {question}.", answer.Obstacle));
        }

        _changed.Raise();
    }

    private void Settle(string model, decimal? cost, bool mayBeBilled)
    {
        lock (_turn)
        {
            _spending.End(model, cost, mayBeBilled);
            if (_spending.IsUnclear && maximum is not null)
            {
                breaker.Trip(new QwenEditException(
                    EditError.MaxCostReached,
                    $"-MaxCost {SpendLedger.Show(maximum.Value)} can't be kept: an edit with {model} may have been billed, and its cost is not known."));
            }
        }

        _changed.Raise();
    }

    private CostQuestion Question(string model) => new(
        consent!.Threshold, _spending.Spent, _spending.InFlight, _spending.Committed - _spending.Spent, _spending.PriceOf(model))
    {
        Ended = _spending.Ended,
        IsUnclear = _spending.IsUnclear,
    };

    private QwenEditException Reached(decimal? cost) => cost > maximum
        ? new QwenEditException(
            EditError.MaxCostReached, $"-MaxCost {SpendLedger.Show(maximum!.Value)} is less than one edit costs, about {SpendLedger.Show(cost.Value)}.")
        {
            // The same command would stop here again.
            NextStep = "Raise -MaxCost, and run the command again. Finished edits are skipped.",
        }
        : new QwenEditException(
            EditError.MaxCostReached,
            $"-MaxCost {SpendLedger.Show(maximum!.Value)} is reached: this run has spent {SpendLedger.Show(_spending.Spent)}{(cost is null ? "" : $", and another edit costs about {SpendLedger.Show(cost.Value)}")}.");
}
