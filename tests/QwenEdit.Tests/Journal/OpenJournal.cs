using QwenEdit.Journal;

namespace QwenEdit.Tests.Journal;

/// <summary>A journal as one call has it open.</summary>
internal sealed class OpenJournal : IDisposable
{
    internal OpenJournal(string path, TimeProvider? time = null, CancellationToken stopped = default)
    {
        Store = JournalStore.Open(path, stopped);
        Presence = new SessionLease(Store, time ?? TimeProvider.System);
        Edits = new EditJournal(Store, Presence);
    }

    internal JournalStore Store { get; }

    internal SessionLease Presence { get; }

    internal EditJournal Edits { get; }

    internal static EditEntry Edit(string identity = "identity") => new()
    {
        Identity = identity,
        Source = "/images/a.png",
        Destination = $"/results/{identity}.png",
        Endpoint = "https://api.segmind.com/",
        Model = "qwen-image-edit-fast",
        Prompt = "prompt",
        Fields = "{}",
        Created = DateTimeOffset.UnixEpoch,
    };

    /// <summary>Takes an edit that nobody else has.</summary>
    internal EditEntry Take(string identity = "identity")
    {
        Assert.True(Edits.TryClaim(Edit(identity), out EditEntry entry, out _));
        return entry;
    }

    /// <summary>Ends this call as the end of its process does: nothing is let go of, and only the lock is gone.</summary>
    /// <param name="leavesFile">Whether its file stays, as it does on Unix.</param>
    internal void Kill(bool leavesFile = true)
    {
        string file = SessionFileOf(Presence.Token);
        Presence.File.Dispose();
        if (leavesFile)
        {
            File.WriteAllText(file, string.Empty);
        }
    }

    /// <summary>The path of a session's file.</summary>
    internal string SessionFileOf(string token) => $"{Store.Path}-session-{token}";

    public void Dispose()
    {
        Presence.Dispose();
        Store.Dispose();
    }
}
