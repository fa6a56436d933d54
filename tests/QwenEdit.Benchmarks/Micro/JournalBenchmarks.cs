using BenchmarkDotNet.Attributes;
using QwenEdit.Journal;

namespace QwenEdit.Benchmarks.Micro;

/// <summary>The journal's part of an edit, on the disk of the temporary folder.</summary>
public class JournalBenchmarks
{
    private static readonly FileRecord Image = new(1_500_000, 1, new string('0', 64));

    private string _folder = null!;
    private JournalStore _store = null!;
    private SessionLease _session = null!;
    private EditJournal _journal = null!;
    private int _number;

    /// <summary>Opens a journal.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _folder = Directory.CreateTempSubdirectory("qwenedit-benchmark-").FullName;
        _store = JournalStore.Open(Path.Combine(_folder, "journal.db"));
        _session = new SessionLease(_store, TimeProvider.System);
        _journal = new EditJournal(_store, _session);
    }

    /// <summary>Removes it.</summary>
    [GlobalCleanup]
    public void CleanUp()
    {
        _session.Dispose();
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Looks an edit up that is not there.</summary>
    [Benchmark]
    public object? Find() => _journal.Find("nothing");

    /// <summary>One step, on the disk when it returns.</summary>
    [Benchmark]
    public void DurableCommit() => _store.Write(connection => connection.Execute("UPDATE session SET process_id = $now", ("$now", ++_number)));

    /// <summary>All steps of an edit that goes well.</summary>
    [Benchmark]
    public void WholeEdit()
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        string identity = $"{++_number}";
        EditEntry fresh = new()
        {
            Identity = identity,
            Source = "/images/poster.png",
            Destination = $"/results/{identity}.png",
            Endpoint = "https://api.segmind.com/",
            Model = "qwen-image-edit-fast",
            Prompt = "Make it red",
            Fields = "{\"prompt\":\"Make it red\"}",
            Created = now,
        };
        if (!_journal.TryClaim(fresh, out EditEntry entry, out _))
        {
            throw new InvalidOperationException("Somebody else has taken it.");
        }

        _journal.Submitting(entry, 1, now);
        _journal.Submitted(entry, identity, now);
        _journal.Completed(entry, now, "https://images.segmind.com/1.png", 0.0125m, 100, 0.1, 2);
        _journal.Writing(entry, Image);
        _journal.Received(entry, Image);
        _journal.Release(entry);
    }
}
