using QwenEdit.Journal;
using QwenEdit.Segmind;

namespace QwenEdit.Engine;

/// <summary>The clients of the hosts that a session speaks to, each host with its own pace.</summary>
internal sealed class ServiceLinks : IDisposable
{
    private readonly List<RequestGate> _gates = [];
    private readonly RequestGate _gate;

    internal ServiceLinks(SegmindConnection connection, EditSettings settings, string account, TimeProvider time, IEditLog log)
    {
        _gate = GateOf(connection.Endpoint, settings.RequestsPerMinute);
        Client = new SegmindClient(connection, _gate, time, log);
        Download = new OutputDownload(connection, time, log);
        if (connection.History is { } history)
        {
            History = new HistoryClient(connection, KeptImage.Of, GateOrOwn(history), time, log);
        }

        if (settings.Upload == ImageUpload.Storage)
        {
            Storage = new StorageClient(connection, GateOrOwn(StorageClient.Find(connection.Endpoint)), time, log);
        }

        // A host of its own has a limit of its own, of which the user's promise says nothing.
        RequestGate GateOrOwn(SegmindEndpoint host) => host.IsSameHost(connection.Endpoint) ? _gate : GateOf(host, null);

        RequestGate GateOf(SegmindEndpoint host, int? most)
        {
            PaceBook book = new(settings.JournalPath, $"{host.Root.GetLeftPart(UriPartial.Authority)} {account}", RequestWindow.Length, settings.Stopped);
            RequestGate gate = new(book, most, time, log);
            _gates.Add(gate);
            return gate;
        }
    }

    /// <summary>The service itself.</summary>
    internal SegmindClient Client { get; }

    /// <summary>The account's request history; <see langword="null"/> where there is none.</summary>
    internal HistoryClient? History { get; }

    /// <summary>The service's storage; <see langword="null"/> where images are sent inline.</summary>
    internal StorageClient? Storage { get; }

    /// <summary>The host of the edited images, which gets no key and knows no limit.</summary>
    internal OutputDownload Download { get; }

    /// <summary>How often the service was not up to a request.</summary>
    internal int Strains => _gate.Strains;

    /// <inheritdoc/>
    public void Dispose()
    {
        Client.Dispose();
        History?.Dispose();
        Storage?.Dispose();
        Download.Dispose();
        foreach (RequestGate gate in _gates)
        {
            gate.Dispose();
        }
    }
}
