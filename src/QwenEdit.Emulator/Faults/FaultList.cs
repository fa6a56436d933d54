using QwenEdit.Emulator.Api;

namespace QwenEdit.Emulator.Faults;

/// <summary>The faults that are waiting for requests. A request meets the first fault that matches it.</summary>
public sealed class FaultList
{
    private readonly Lock admission = new();
    private readonly List<Waiting> waiting = [];
    private readonly int seed;
    private Random random;

    internal FaultList(int seed) => (this.seed, random) = (seed, new Random(seed));

    /// <summary>The faults that can still hit, with what is left of <see cref="Fault.Skip"/> and <see cref="Fault.Next"/>.</summary>
    public IReadOnlyList<Fault> Active
    {
        get
        {
            lock (admission)
            {
                return [.. waiting.Select(one => one.Fault with { Skip = one.Skip, Next = one.Left })];
            }
        }
    }

    /// <summary>Adds a fault; the ledger names it where it has hit.</summary>
    /// <exception cref="ArgumentException">A number of the fault is out of its range.</exception>
    public void Add(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        if (Wrong(fault) is { } wrong)
        {
#pragma warning disable CA2208 // The control API shows the message, where the name of a parameter means nothing.
            throw new ArgumentException(wrong);
#pragma warning restore CA2208
        }
        lock (admission)
        {
            waiting.Add(new Waiting(fault) { Skip = fault.Skip, Left = fault.Next });
        }
    }

    /// <summary>Removes all faults.</summary>
    public void Clear()
    {
        lock (admission)
        {
            waiting.Clear();
            random = new Random(seed);
        }
    }

    internal Fault? Take(ApiRoute route)
    {
        lock (admission)
        {
            foreach (var one in waiting)
            {
                if (one.Fault.Route != ApiRoute.Any && one.Fault.Route != route)
                {
                    continue;
                }
                if (one.Skip > 0)
                {
                    one.Skip--;
                    continue;
                }
                if (one.Fault.Share is { } share && random.NextDouble() >= share)
                {
                    continue;
                }
                if (--one.Left == 0)
                {
                    waiting.Remove(one);
                }
                return one.Fault;
            }
            return null;
        }
    }

    private static string? Wrong(Fault fault) =>
        fault.Share is < 0 or > 1 ? "The share of a fault is from 0 to 1."
        : fault.Next < 1 ? "The next requests that a fault hits are at least 1."
        : fault.Skip < 0 ? "A fault skips at least 0 requests."
        : fault.Status is < 200 or > 599 ? "The status of a fault is from 200 to 599."
        : fault.Delay < TimeSpan.Zero ? "The delay of a fault is at least 0."
        : fault.AfterBytes < 0 ? "A fault comes after at least 0 bytes."
        : fault.BytesPerSecond < 1 ? "The bytes per second of a fault are at least 1."
        : null;

    private sealed class Waiting(Fault fault)
    {
        public Fault Fault => fault;
        public int Skip { get; set; }
        public int? Left { get; set; }
    }
}
