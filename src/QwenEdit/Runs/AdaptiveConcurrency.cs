namespace QwenEdit.Runs;

/// <summary>
/// How many pieces of work are useful at the same time: more while that brings more in the same time and nothing complains, fewer under strain. It
/// steps up by half, lets the step settle, measures as many pieces as are under way, and keeps the step if it brought half of what it could at
/// least. A pure function of what it is told.
/// </summary>
internal sealed class AdaptiveConcurrency
{
    /// <summary>The number to begin with.</summary>
    internal const int First = 8;

    /// <summary>The highest number.</summary>
    internal const int Most = 64;

    /// <summary>The lowest number.</summary>
    internal const int Least = 2;

    private const double Step = 1.5;
    private const double Retreat = 0.7;

    /// <summary>For how many measurements a number is kept that proved right, before the next is tried again.</summary>
    private const int Rest = 8;

    private (int Limit, double Rate)? _proved;
    private TimeSpan _begun;
    private int _settling;
    private int _counted;
    private int _strained;
    private int _rest;

    /// <summary>How many pieces may be under way.</summary>
    internal int Limit { get; private set; } = First;

    /// <summary>A piece of work has ended.</summary>
    /// <param name="now">The time, from any beginning.</param>
    /// <param name="isFull">Whether more was waiting for its turn: otherwise the limit is not what limits.</param>
    /// <param name="strains">How often the service was not up to a request, in all.</param>
    /// <returns>Why the limit is another now; <see langword="null"/> if it is not.</returns>
    internal string? Ended(TimeSpan now, bool isFull, int strains)
    {
        if (strains - _strained >= Math.Max(2, Limit / 4) && _settling == 0)
        {
            _proved = null;
            _rest = Rest;
            return Change((int)Math.Max(Least, Limit * Retreat), now, strains, "the service is under strain");
        }

        if (!isFull)
        {
            Measure(now, strains);
            return null;
        }

        if (_settling > 0)
        {
            if (--_settling == 0)
            {
                Measure(now, strains);
            }

            return null;
        }

        return ++_counted < Math.Max(Limit, First) || now <= _begun ? null : Adjust(_counted / (now - _begun).TotalSeconds, now, strains);
    }

    private string? Adjust(double rate, TimeSpan now, int strains)
    {
        if (_proved is { } before && before.Limit < Limit && rate < before.Rate * (1 + (((double)Limit / before.Limit) - 1) / 2))
        {
            _rest = Rest;
            return Change(before.Limit, now, strains, "more brought little");
        }

        _proved = (Limit, rate);
        if (_rest > 0 || Limit == Most)
        {
            _rest--;
            Measure(now, strains);
            return null;
        }

        return Change((int)Math.Min(Most, Math.Ceiling(Limit * Step)), now, strains, $"it does {rate:0.0##} a second");
    }

    private string? Change(int limit, TimeSpan now, int strains, string why)
    {
        bool isOther = limit != Limit;
        Limit = limit;
        Measure(now, strains);
        // What ends next was begun under another limit.
        _settling = Math.Max(limit, First);
        return isOther ? why : null;
    }

    private void Measure(TimeSpan now, int strains)
    {
        _begun = now;
        _counted = 0;
        _strained = strains;
    }
}
