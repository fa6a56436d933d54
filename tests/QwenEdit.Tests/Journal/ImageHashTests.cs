using QwenEdit.Journal;

namespace QwenEdit.Tests.Journal;

/// <summary>An image is read once for its hash, as long as it stays as it was.</summary>
public sealed class ImageHashTests : IDisposable
{
    private static readonly DateTime Time = new(2026, 10, 1, 12, 0, 0, DateTimeKind.Utc);

    private readonly string _folder = Directory.CreateTempSubdirectory("qwenedit-journal-").FullName;
    private readonly JournalStore _store;
    private readonly ImageHashes _hashes;

    public ImageHashTests()
    {
        _store = JournalStore.Open(Path.Combine(_folder, "journal.db"));
        _hashes = new ImageHashes(_store);
        _hashes.Remember("/a.png", 10, Time, 5, "hash");
    }

    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void What_has_not_changed_is_remembered() => Assert.Equal("hash", _hashes.Find("/a.png", 10, Time, 5));

    [Fact]
    public void A_tick_or_a_byte_makes_it_another()
    {
        Assert.Null(_hashes.Find("/a.png", 10, Time.AddTicks(1), 5));
        Assert.Null(_hashes.Find("/a.png", 11, Time, 5));
        Assert.Null(_hashes.Find("/b.png", 10, Time, 5));
    }

    [Fact]
    public void Another_file_that_took_its_place_is_another()
    {
        Assert.Null(_hashes.Find("/a.png", 10, Time, 6));
    }

    [Fact]
    public void What_has_changed_replaces_what_was()
    {
        _hashes.Remember("/a.png", 11, Time, 5, "other");

        Assert.Equal("other", _hashes.Find("/a.png", 11, Time, 5));
        Assert.Null(_hashes.Find("/a.png", 10, Time, 5));
    }
}
