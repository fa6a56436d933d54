using System.Runtime.Versioning;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Crash.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>Where the image can't be written, it is not paid for.</summary>
public sealed class RunDiskTests : RunTest
{
    private const string Edit = "Invoke-QwenImageEdit 0*.png -Prompt Blue -DestinationPath out/ -RunVariable run";

    [Fact]
    public async Task A_destination_on_a_drive_that_does_not_exist_is_an_error_of_each_image()
    {
        MakeImages(2);

        ScriptRun script = await RunAsync("Invoke-QwenImageEdit 0*.png -Prompt Blue -DestinationPath nosuchdrive:/out/ -RunVariable run");

        Assert.Equal(Enumerable.Repeat("DestinationUnwritable", 2), script.ErrorNames());
        AssertNothingWasSent();
        ExpectRun(new { Total = 2, InvalidInput = 2, ExitCode = 12 });
    }

    [Theory]
    [InlineData("0*.png", "-JournalPath nosuchdrive:/journal.db", EditError.JournalUnavailable)]
    [InlineData("0*.png", "-LogPath nosuchdrive:/logs", EditError.LogUnavailable)]
    [InlineData("", "-DestinationPath nosuchdrive:/a.png", EditError.DestinationUnwritable)]
    public async Task A_drive_that_does_not_exist_ends_a_call_that_needs_it(string path, string place, EditError error)
    {
        MakeImages(2);
        string pipeline = path.Length > 0 ? string.Empty : "Get-ChildItem 0*.png | ";

        ScriptRun script = await RunAsync($"{pipeline}Invoke-QwenImageEdit {path} -Prompt Blue {place} -RunVariable run");

        Assert.Contains("drive that does not exist", script.EndingError(error).ToString(), StringComparison.Ordinal);
        AssertNothingWasSent();
        ExpectRun(new { ExitCode = 12 });
    }

    [SmallDiskFact]
    public async Task A_read_only_disk_is_found_before_anything_is_sent()
    {
        MakeImages(3);
        using SmallDisk disk = SmallDisk.Mount(Folder["out"], kilobytes: 64);
        disk.MakeReadOnly();

        ScriptRun script = await RunAsync(Edit);

        Assert.Equal(Enumerable.Repeat("DestinationUnwritable", 3), script.ErrorNames());
        Assert.Contains("correct the permissions", script.Errors[0].ToString(), StringComparison.Ordinal);
        Assert.Empty(script.Output);
        AssertNothingWasSent();
        ExpectRun(new { Total = 3, InvalidInput = 3, Cost = 0m, StoppedBy = "", ExitCode = 12 });
    }

    [SmallDiskFact]
    public async Task A_full_disk_is_found_before_anything_is_sent_and_one_error_says_so()
    {
        MakeImages(3);
        using SmallDisk disk = SmallDisk.Mount(Folder["out"], kilobytes: 64);
        disk.Fill();

        ScriptRun script = await RunAsync(Edit);

        Assert.Equal(["DestinationUnwritable", "SubmissionStopped"], script.ErrorNames());
        AssertNothingWasSent();
        ExpectRun(new { Total = 3, InvalidInput = 1, NotSubmitted = 2, Cost = 0m, StoppedBy = "Disk", ExitCode = 12 });

        disk.Free();
        (await RunAsync(Edit)).WithoutErrors();
        Assert.Equal(["01.png", "02.png", "03.png"], Directory.GetFiles(Folder["out"]).Select(Path.GetFileName).Order());
    }

    [SmallDiskFact]
    public async Task What_is_there_already_needs_no_disk_that_can_be_written()
    {
        MakeImages(2);
        using SmallDisk disk = SmallDisk.Mount(Folder["out"], kilobytes: 64);
        (await RunAsync(Edit)).WithoutErrors();
        disk.MakeReadOnly();

        (await RunAsync(Edit)).WithoutErrors();

        ExpectRun(new { Skipped = 2, ExitCode = 0 });
    }

    [SmallDiskFact]
    public async Task After_an_image_that_could_not_be_written_the_next_is_not_sent()
    {
        MakeImages(2);
        using SmallDisk disk = SmallDisk.Mount(Folder["out"], kilobytes: 64);
        Task<ScriptRun> running = RunAsync($"{Edit} -ThrottleLimit 1".Replace("Blue", "emulate:seconds=600", StringComparison.Ordinal));
        await Until.TrueAsync(() => Emulator.Ledger.Jobs.Count == 1, "the first is at the service");
        disk.MakeReadOnly();
        Emulator.Clock.Advance(TimeSpan.FromMinutes(15));

        ScriptRun script = await running;

        Assert.Equal(["DestinationUnwritable", "DestinationUnwritable"], script.ErrorNames());
        Assert.Single(Emulator.Ledger.Jobs);
        ExpectRun(new { NotReceived = 1, InvalidInput = 1, ExitCode = 12 });
    }

    [Fact]
    public async Task An_image_with_a_destination_that_can_not_be_keeps_no_other()
    {
        MakeImages(2);

        ScriptRun script = await RunAsync("""
            [pscustomobject]@{ Path = '01.png'; DestinationPath = '02.png/out/' }, [pscustomobject]@{ Path = '02.png'; DestinationPath = 'out/' } |
                Invoke-QwenImageEdit -Prompt Blue -RunVariable run
            """);

        script.SingleError(EditError.DestinationUnwritable);
        Assert.Contains("out/02.png", Folder.Files);
        ExpectRun(new { Received = 1, InvalidInput = 1, StoppedBy = "", ExitCode = 12 });
    }

    [UnprivilegedFact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_folder_without_permission_is_found_before_anything_is_sent()
    {
        MakeImages(1);
        string folder = Directory.CreateDirectory(Folder["out"]).FullName;
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        (await RunAsync(Edit)).SingleError(EditError.DestinationUnwritable);

        AssertNothingWasSent();
        ExpectRun(new { InvalidInput = 1, ExitCode = 12 });
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}

/// <summary>A fact about permissions; skipped for those whom none bind.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UnprivilegedFactAttribute : FactAttribute
{
    public UnprivilegedFactAttribute() =>
        Skip = OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess ? "No permission keeps this account from writing." : null;
}
