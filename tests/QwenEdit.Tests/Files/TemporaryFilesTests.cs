using QwenEdit.Files;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Files;

/// <summary>Temporary files are removed when the session that made them has ended, and never before.</summary>
public sealed class TemporaryFilesTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly HashSet<string> _alive = ["living"];
    private readonly TemporaryFiles _temporaries;

    public TemporaryFilesTests() => _temporaries = new TemporaryFiles("1234abcd", "own", _alive.Contains);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Those_of_dead_sessions_of_the_same_journal_are_removed()
    {
        string[] kept =
        [
            ".qwenedit-00000000-dead-1.tmp", ".qwenedit-1234abcd-living-1.tmp", ".qwenedit-1234abcd-own-1.try", ".qwenedit-1234abcd-x", "a.png",
        ];
        foreach (string name in (string[])[.. kept, ".qwenedit-1234abcd-dead-1.tmp", ".qwenedit-1234abcd-dead-2.try"])
        {
            _folder.Write(name, [1]);
        }

        _temporaries.RemoveLeftovers(_folder.Path);

        Assert.Equal(kept, _folder.Names);
    }

    [Fact]
    public void A_folder_is_looked_through_again_for_a_session_that_has_ended_since()
    {
        _temporaries.RemoveLeftovers(_folder.Path);
        _folder.Write(".qwenedit-1234abcd-living-1.tmp", [1]);
        _alive.Clear();

        _temporaries.RemoveLeftovers(_folder.Path);
        Assert.Single(_folder.Names);
        _temporaries.RemoveLeftovers(_folder.Path, "living");

        Assert.Empty(_folder.Names);
    }

    [UnixFact("Windows makes links for administrators only.")]
    public void A_link_with_such_a_name_is_removed_and_not_followed()
    {
        string path = _folder.Write("a.png", [1]);
        File.CreateSymbolicLink(_folder.At(".qwenedit-1234abcd-dead-1.tmp"), path);

        _temporaries.RemoveLeftovers(_folder.Path);

        Assert.Equal(["a.png"], _folder.Names);
    }

    [Fact]
    public void A_folder_that_is_not_there_has_none() => _temporaries.RemoveLeftovers(_folder.At("missing"));
}
