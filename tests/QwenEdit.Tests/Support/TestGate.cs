using QwenEdit.Engine;
using QwenEdit.Journal;

namespace QwenEdit.Tests.Support;

/// <summary>A gate with a journal of its own.</summary>
internal sealed class TestGate : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    internal TestGate(TimeProvider time, IEditLog? log = null) =>
        Gate = new RequestGate(new PaceBook(_folder["journal.db"], "test", RequestWindow.Length), null, time, log ?? new RecordingLog());

    internal RequestGate Gate { get; }

    public void Dispose()
    {
        Gate.Dispose();
        _folder.Dispose();
    }
}
