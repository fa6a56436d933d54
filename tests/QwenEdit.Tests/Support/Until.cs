using System.Diagnostics;

namespace QwenEdit.Tests.Support;

/// <summary>Waits for what nobody announces, by looking again and again.</summary>
internal static class Until
{
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(5);

    internal static async Task TrueAsync(Func<bool> condition, string what)
    {
        using var timer = new PeriodicTimer(BetweenLooks);
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < Patience, $"Waited in vain until {what}.");
            await timer.WaitForNextTickAsync();
        }
    }

    internal static CancellationToken Token() => new CancellationTokenSource(Patience).Token;
}
