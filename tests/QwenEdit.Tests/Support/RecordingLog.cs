using System.Collections.Concurrent;
using QwenEdit.Diagnostics;

namespace QwenEdit.Tests.Support;

/// <summary>Keeps what background work said.</summary>
internal sealed class RecordingLog : IEditLog
{
    private readonly ConcurrentQueue<string> _verbose = new();
    private readonly ConcurrentQueue<string> _debug = new();
    private readonly ConcurrentQueue<string> _warnings = new();

    internal IReadOnlyCollection<string> Warnings => _warnings;

    /// <summary>Every word on every stream.</summary>
    internal string Everything => string.Join('\n', _verbose.Concat(_debug).Concat(_warnings));

    public void Verbose(string message, EditEvent? what = null) => _verbose.Enqueue(message);

    public void Debug(string message, EditEvent? what = null) => _debug.Enqueue(message);

    public bool WantsExchanges { get; set; }

    public void Exchange(string text)
    {
        Assert.True(WantsExchanges, "An exchange was told that nobody reads.");
        _debug.Enqueue(text);
    }

    public void Warning(string message, EditEvent? what = null) => _warnings.Enqueue(message);

    public void Error(string message, EditEvent what)
    {
    }
}
