using QwenEdit.Editing;
using QwenEdit.Emulator.Records;
using QwenEdit.Runs;
using QwenEdit.Tests.Reconciliation;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Editing;

/// <summary>What is billed under an edit's identity is the image that the identity was made of.</summary>
public sealed class ChangedImageTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_image_that_changes_before_its_turn_is_never_sent_whole_and_is_another_edit_afterwards(bool uploads)
    {
        await using EditFixture fixture = await EditFixture.StartAsync(new EditSettings { Upload = uploads ? ImageUpload.Storage : ImageUpload.Inline });
        // Of a size that the journal remembers a hash for, and that takes several parts to send.
        File.WriteAllBytes(fixture.Image, TestImages.WholePng(200_000));
        DateTime time = File.GetLastWriteTimeUtc(fixture.Image);
        Assert.Equal(EditOutcome.Received, (await fixture.EditAsync("first")).Result!.Status);
        PreparedEdit waiting = fixture.Prepare("second", request => request with { Destination = fixture.Folder.At("second.png") });
        byte[] changed = TestImages.WholePng(200_000);
        changed[100_000] ^= 1;
        using (FileStream file = new(fixture.Image, FileMode.Open, FileAccess.Write))
        {
            // In its place: the same file, as long as before.
            file.Write(changed);
        }

        File.SetLastWriteTimeUtc(fixture.Image, time);
        int jobs = fixture.Emulator.Ledger.Jobs.Count;

        EndedEdit edit = await fixture.Session.EditAsync(waiting, CancellationToken.None);

        Assert.Equal(EditError.ImageChanged, edit.Error!.Error);
        Assert.Equal(jobs, fixture.Emulator.Ledger.Jobs.Count);
        // The journal does not keep the hash that is wrong.
        Assert.Equal(EditOutcome.Received, (await fixture.Session.EditAsync(waiting, CancellationToken.None)).Result!.Status);
        Assert.Equal(jobs + 1, fixture.Emulator.Ledger.Jobs.Count);
    }
}
