using System.Diagnostics;
using QwenEdit.Files;
using QwenEdit.Journal;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Files;

/// <summary>That an image can be written under its own name is seen before it is paid for, and leaves nothing behind.</summary>
public sealed class DestinationTrialTests : IDisposable
{
    private static readonly byte[] Before = "what was there before"u8.ToArray();

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_trial_makes_the_folder_and_leaves_nothing_there()
    {
        Try(Path.Combine("new", "a.png"));

        Assert.Empty(Directory.GetFileSystemEntries(_folder.At("new")));
    }

    [Theory]
    [InlineData('a', 255 - 4)]
    [InlineData('价', (255 - 4) / 3)]
    public void The_longest_name_is_taken(char character, int count)
    {
        Try(new string(character, count) + ".png");
        Assert.Empty(_folder.Names);
    }

    [Theory]
    [InlineData('a', 255 - 3)]
    [InlineData('价', ((255 - 4) / 3) + 1)]
    public void A_longer_one_is_an_error(char character, int count)
    {
        // Windows and macOS count characters.
        if (character == 'a' || OperatingSystem.IsLinux())
        {
            AssertFails(EditError.DestinationUnwritable, new string(character, count) + ".png");
        }

        Assert.Empty(_folder.Names);
    }

    [Theory]
    [InlineData(false, EditError.DestinationExists)]
    [InlineData(true, null)]
    public void A_file_that_is_there_is_left_as_it_is(bool overwrite, EditError? error)
    {
        string path = _folder.Write("a.png", Before);
        if (error is { } expected)
        {
            AssertFails(expected, "a.png", overwrite);
        }
        else
        {
            Try("a.png", overwrite);
        }

        Assert.Equal(Before, File.ReadAllBytes(path));
        Assert.Equal(["a.png"], _folder.Names);
    }

    [Fact]
    public void A_folder_that_is_there_is_an_error()
    {
        Directory.CreateDirectory(_folder.At("a.png"));
        AssertFails(EditError.DestinationUnwritable, "a.png", overwrite: true);
    }

    // It takes root, and a file system that has these attributes.
    [LinuxFact("sh", "-c", "f=$(mktemp) && chattr +i $f && chattr -i $f && rm $f")]
    public void A_file_that_is_immutable_is_an_error_where_it_was_to_be_replaced()
    {
        string path = _folder.Write("a.png", Before);
        foreach (string attribute in (string[])["i", "a"])
        {
            Run("chattr", "+" + attribute, path);
            try
            {
                AssertFails(EditError.DestinationUnwritable, "a.png", overwrite: true);
            }
            finally
            {
                Run("chattr", "-" + attribute, path);
            }
        }
    }

    [LinuxFact]
    public void A_file_that_may_not_be_written_can_be_replaced()
    {
        Run("chmod", "400", _folder.Write("a.png", Before));
        Try("a.png", overwrite: true);
    }

    [WindowsFact("Elsewhere such a file can be replaced.")]
    public void A_read_only_file_is_an_error_where_it_was_to_be_replaced()
    {
        string path = _folder.Write("a.png", Before);
        File.SetAttributes(path, FileAttributes.ReadOnly);
        AssertFails(EditError.DestinationUnwritable, "a.png", overwrite: true);
        File.SetAttributes(path, FileAttributes.Normal);
    }

    [WindowsFact("Elsewhere an open file can be replaced.")]
    public void A_file_that_another_program_holds_open_is_an_error_where_it_was_to_be_replaced()
    {
        using FileStream held = new(_folder.Write("a.png", Before), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        AssertFails(EditError.DestinationUnwritable, "a.png", overwrite: true);
    }

    [UnixFact("Windows makes links for administrators only.")]
    public void A_link_that_leads_nowhere_takes_the_name()
    {
        File.CreateSymbolicLink(_folder.At("a.png"), _folder.At("missing.png"));
        AssertFails(EditError.DestinationExists, "a.png");
        Assert.Equal(["a.png"], _folder.Names);
    }

    [Fact]
    public void A_file_that_no_trial_left_is_never_taken_for_one()
    {
        Assert.False(DestinationTrial.IsLeftAt(_folder.At("missing.png")));
        Assert.False(DestinationTrial.IsLeftAt(_folder.Write("a.png", new byte[4096])));
        Assert.False(DestinationTrial.IsLeftAt(_folder.Path));
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private void Try(string name, bool overwrite = false) => DestinationTrial.Run(_folder.At(name), overwrite, TemporaryFiles.WithoutJournal);

    private void AssertFails(EditError error, string name, bool overwrite = false)
    {
        QwenEditException failure = Assert.Throws<QwenEditException>(() => Try(name, overwrite));
        Assert.Equal(error, failure.Error);
        Assert.Contains(_folder.At(name), failure.Message, StringComparison.Ordinal);
    }
}
