using QwenEdit.Journal;

namespace QwenEdit.Tests.Journal;

/// <summary>A journal as one call has it open.</summary>
internal sealed class OpenJournal : IDisposable
{
    internal OpenJournal(string path, TimeProvider? time = null)
    {
        Store = JournalStore.Open(path);
        Presence = new Session(Store, time ?? TimeProvider.System);
        Edits = new EditJournal(Store, Presence);
    }

    internal JournalStore Store { get; }

    internal Session Presence { get; }

    internal EditJournal Edits { get; }

    internal static EditEntry Edit(string identity = "identity") => new()
    {
        Identity = identity,
        Source = "/images/a.png",
        Destination = "/results/a.png",
        Endpoint = "https://api.segmind.com/",
        Model = "qwen-image-edit-fast",
        Prompt = "prompt",
        Fields = "{}",
        Created = DateTimeOffset.UnixEpoch,
    };

    /// <summary>Takes an edit that nobody else has.</summary>
    internal EditEntry Take(string identity = "identity")
    {
        Assert.True(Edits.TryTake(Edit(identity), out EditEntry entry, out _));
        return entry;
    }

    /// <summary>Changes the row of this call's session, to make it look like another's.</summary>
    internal void Pretend(string set) =>
        Store.Write(connection => connection.Execute($"UPDATE session SET {set} WHERE token = $token", ("$token", Presence.Token)));

    public void Dispose()
    {
        Presence.Dispose();
        Store.Dispose();
    }
}
