namespace QwenEdit.Tests.Support;

/// <summary>A clock that runs so many times as fast as the real one, for what sockets and several threads do to each other within minutes.</summary>
internal sealed class FastClock(int speed) : TimeProvider
{
    private readonly long _start = System.GetTimestamp();
    private readonly DateTimeOffset _begun = new(2026, 10, 1, 12, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => System.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _begun + (System.GetElapsedTime(_start) * speed);

    public override long GetTimestamp() => _start + ((System.GetTimestamp() - _start) * speed);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Faster(dueTime), Faster(period));

    private TimeSpan Faster(TimeSpan span) => span > TimeSpan.Zero ? span / speed : span;
}
