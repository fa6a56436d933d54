using QwenEdit.Compatibility;
using QwenEdit.Files;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Files;

/// <summary>A program that holds a file for a moment costs a moment, not an image.</summary>
public sealed class SharingViolationTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly SkippingClock _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_that_is_held_for_a_moment_is_waited_for()
    {
        DateTimeOffset begun = _clock.GetUtcNow();
        int tries = 0;

        await WaitOutAsync(() => ThrowIf(++tries < 6));

        Assert.Equal(6, tries);
        Assert.InRange(_clock.GetUtcNow() - begun, TimeSpan.FromMilliseconds(100), SharingViolation.Longest);
    }

    [Fact]
    public async Task One_that_is_held_for_longer_is_an_error()
    {
        DateTimeOffset begun = _clock.GetUtcNow();

        Exception failure = await Assert.ThrowsAsync<IOException>(() => WaitOutAsync(() => ThrowIf(true)));

        Assert.True(IoErrors.IsSharingViolation(failure));
        Assert.InRange(_clock.GetUtcNow() - begun, SharingViolation.Longest, SharingViolation.Longest + TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Another_error_is_not_repeated()
    {
        int tries = 0;

        await Assert.ThrowsAsync<FileNotFoundException>(() => WaitOutAsync(() =>
        {
            tries++;
            throw new FileNotFoundException();
        }));

        Assert.Equal(1, tries);
    }

    [Fact]
    public async Task Who_is_stopped_does_not_wait()
    {
        int tries = 0;

        await Assert.ThrowsAsync<IOException>(() => SharingViolation.WaitOutAsync(() => ThrowIf(++tries > 0), _clock, new CancellationToken(canceled: true)));

        Assert.Equal(1, tries);
    }

    [WindowsFact("Elsewhere an open file can be replaced.")]
    public async Task An_image_replaces_a_file_once_another_program_lets_go_of_it()
    {
        string path = _folder.Write("a.png", [1]);
        FileStream held = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        using MemoryStream content = new(TestImages.Png);

        Task<WrittenImage> writing = OutputFile.WriteAsync(content, null, path, overwrite: true, CancellationToken.None, time: TimeProvider.System);
        held.Dispose();
        await writing;

        Assert.Equal(TestImages.Png, File.ReadAllBytes(path));
        Assert.Equal(["a.png"], _folder.Names);
    }

    private Task WaitOutAsync(Action action) => SharingViolation.WaitOutAsync(action, _clock, CancellationToken.None);

    // What Windows throws; elsewhere what a lock does.
    private static void ThrowIf(bool isHeld)
    {
        if (isHeld)
        {
            throw new IOException("It is being used by another process.", OperatingSystem.IsWindows() ? unchecked((int)0x80070020) : 11);
        }
    }
}
