using System.Text;
using QwenEdit.Journal;
using QwenEdit.Tests.Crash.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>The journal is the user's alone, and has neither the key nor the images in it.</summary>
public sealed class JournalPrivacyTests : IAsyncLifetime
{
    private CrashFixture _fixture = null!;

    public async Task InitializeAsync() => _fixture = await CrashFixture.StartAsync(images: 3);

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public async Task No_key_and_no_image_is_in_any_file_of_it()
    {
        byte[] image = await File.ReadAllBytesAsync(_fixture.Sources[0]);
        List<byte[]> seen = [];

        await EditAsync(() => seen.AddRange(Directory.GetFiles(Folder).Where(path => !IsOfSession(path)).Select(Read)));

        Assert.NotEmpty(seen);
        Assert.All(seen, bytes =>
        {
            Assert.Equal(-1, bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(_fixture.Service.ApiKey)));
            Assert.Equal(-1, bytes.AsSpan().IndexOf(image.AsSpan(100, 64)));
            Assert.Equal(-1, bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Convert.ToBase64String(image, 99, 66))));
        });
        // What it does have: the search would have found it.
        Assert.Contains(seen, bytes => bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(_fixture.Sources[0])) >= 0);
    }

    [Fact]
    public async Task Only_the_user_may_read_it()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        UnixFileMode[] files = [];
        await EditAsync(() => files = [.. Directory.GetFiles(Folder).Select(Mode)]);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, Mode(Folder));
        // The journal, its log, its index, and the file that the session keeps locked.
        Assert.Equal(4, files.Length);
        Assert.All(files, mode => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode));
    }

    [UnixFact("Folders of the profile are private by inheritance.")]
    public void The_folders_that_it_creates_are_the_users_alone()
    {
        string folder = Path.Combine(Folder, "one", "two");
        JournalStore.Open(Path.Combine(folder, "journal.db")).Dispose();

        Assert.All([Folder, Path.GetDirectoryName(folder)!, folder], each =>
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, Mode(each)));
    }

    [UnixFact("Its permissions are an access control list.")]
    public void A_journal_that_everyone_may_write_is_refused()
    {
        JournalStore.Open(_fixture.Journal).Dispose();
        Change(_fixture.Journal, UnixFileMode.OtherWrite);

        QwenEditException refusal = Assert.Throws<QwenEditException>(() => JournalStore.Open(_fixture.Journal));

        Assert.Equal(EditError.JournalUnavailable, refusal.Error);
        Assert.Contains("chmod", refusal.Message, StringComparison.Ordinal);
    }

    [UnixFact("Its permissions are an access control list.")]
    public async Task A_journal_that_a_group_may_write_is_warned_of()
    {
        JournalStore.Open(_fixture.Journal).Dispose();
        Change(_fixture.Journal, UnixFileMode.GroupWrite);

        ScriptRun run = await EditAsync(() => { });

        Assert.Contains("group", Assert.Single(run.Warnings), StringComparison.Ordinal);
    }

    // Empty, and locked while the session works.
    private static bool IsOfSession(string path) => path.Contains("-session-", StringComparison.Ordinal) && new FileInfo(path).Length == 0;

    private string Folder => Path.GetDirectoryName(_fixture.Journal)!;

    // Called where this is not Windows.
#pragma warning disable CA1416
    private static UnixFileMode Mode(string path) => File.GetUnixFileMode(path);

    private static void Change(string path, UnixFileMode more) => File.SetUnixFileMode(path, Mode(path) | more);
#pragma warning restore CA1416

    private static byte[] Read(string path)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using MemoryStream copy = new();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    // The files are looked at while the journal is open: closed, its log is gone.
    private async Task<ScriptRun> EditAsync(Action look)
    {
        using PowerShellHost host = PowerShellHost.Open();
        ScriptRun run = await host
            .Set("look", look)
            .Set("images", _fixture.Images)
            .Set("results", _fixture.Results + "/")
            .Set("journal", _fixture.Journal)
            .Set("endpoint", _fixture.Service.Endpoint.AbsoluteUri)
            .Set("key", _fixture.Service.ApiKey)
            .RunAsync("""
                function Read-Journal { $look.Invoke() }
                Get-ChildItem $images -Filter *.png |
                    Invoke-QwenImageEdit -Prompt Proof -DestinationPath $results -JournalPath $journal -Endpoint $endpoint -ApiKey $key -PollIntervalSec 0.05 |
                    ForEach-Object { Read-Journal; $_ }
                """);
        Assert.Equal(3, run.WithoutErrors().Output.Count);
        return run;
    }
}
