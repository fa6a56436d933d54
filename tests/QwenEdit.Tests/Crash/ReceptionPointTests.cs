using QwenEdit.Commands.Parameters;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.Records;
using QwenEdit.Tests.Crash.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Crash;

/// <summary>A process is killed on the way from a job to its image, at each point that has a name, and the same command is run again.</summary>
public sealed class ReceptionPointTests : NamedPointTest
{
    [Fact]
    public async Task Between_the_answer_and_the_first_poll()
    {
        Fault(ApiRoute.Status, FaultKind.DelayHeaders);
        await KillAsync(MetAsync);
        await AllAreReceivedAsync();
    }

    [Fact]
    public async Task While_the_job_is_processed()
    {
        await CrashFixture.DisposeAsync();
        CrashFixture = await CrashFixture.StartAsync(images: 1, latency: 600);
        await KillAsync(() => AnsweredAsync(ApiRoute.Status));
        CrashFixture.Service.Clock.Advance(TimeSpan.FromMinutes(10));
        await AllAreReceivedAsync();
    }

    [Fact]
    public async Task Completed_while_the_result_is_not_read_yet()
    {
        Fault(ApiRoute.Result, FaultKind.DelayHeaders);
        await KillAsync(MetAsync);
        await AllAreReceivedAsync();
    }

    [Fact]
    public async Task Completed_while_the_address_of_the_image_is_not_recorded_yet()
    {
        Fault(ApiRoute.Result, FaultKind.DelayHeaders);
        await KillBeforeItIsRecordedAsync(MetAsync, () => AnsweredAsync(ApiRoute.File));
        Assert.Equal(["Queued"], CrashFixture.States());
        Assert.False(File.Exists(CrashFixture.ResultOf(CrashFixture.Sources[0])));
        await AllAreReceivedAsync();
    }

    [Fact]
    public async Task Completed_before_the_download()
    {
        Fault(ApiRoute.File, FaultKind.DelayHeaders);
        await KillAsync(AddressIsRecordedAsync);
        await AllAreReceivedAsync();
    }

    [Fact]
    public async Task Completed_before_the_download_and_the_record_expires()
    {
        Fault(ApiRoute.File, FaultKind.DelayHeaders);
        await KillAsync(AddressIsRecordedAsync);
        CrashFixture.Service.Clock.Advance(TimeSpan.FromDays(6));
        await AllAreReceivedAsync();
    }

    [Fact]
    public async Task In_the_middle_of_the_download()
    {
        Fault(ApiRoute.File, FaultKind.DelayBody);
        await KillAsync(HalfIsThereAsync);
        Assert.NotNull(Temporary());
        await AllAreReceivedAsync();
    }

    [Theory]
    [InlineData(EditTransport.Async, ApiRoute.File)]
    [InlineData(EditTransport.Sync, ApiRoute.Sync)]
    public async Task The_image_is_there_before_the_file_has_its_name(EditTransport transport, ApiRoute route)
    {
        CrashFixture.Parameters += $" -Transport {transport}";
        Fault(route, FaultKind.DelayBody);
        await KillBeforeItIsRecordedAsync(HalfIsThereAsync, () => Until.TrueAsync(() => Temporary()?.Length == new FileInfo(CrashFixture.Sources[0]).Length, "the image is on the disk"));
        Assert.False(File.Exists(CrashFixture.ResultOf(CrashFixture.Sources[0])));
        await AllAreReceivedAsync();
    }

    [Fact]
    public async Task In_the_middle_of_the_download_of_a_job_that_the_journal_does_not_have()
    {
        await CrashFixture.RunAsync();
        // The first job need not be of the first image, as several are sent at once.
        string image = CrashFixture.HashOf(CrashFixture.Sources[0]);
        string id = CrashFixture.Service.Ledger.Jobs.Single(job => string.Equals(job.ImageSha256, image, StringComparison.OrdinalIgnoreCase)).RequestId;
        File.Delete(CrashFixture.Journal);
        Directory.Delete(CrashFixture.Results, recursive: true);
        string command = $"Receive-QwenEditResult {id} -DestinationPath '{CrashFixture.ResultOf(CrashFixture.Sources[0])}' -JournalPath '{CrashFixture.Journal}'";
        Fault(ApiRoute.File, FaultKind.DelayBody);
        using (EditProcess process = CrashFixture.StartScript(command))
        {
            await HalfIsThereAsync();
            await process.KillAsync();
        }

        CrashFixture.LedgerCheck.FindsNoHalfFile();
        Assert.NotNull(Temporary());
        CrashFixture.Service.Faults.Clear();
        using EditProcess again = CrashFixture.StartScript(command);
        Assert.Empty((await again.EndedAsync()).Errors);

        CrashFixture.LedgerCheck.FindsNoHalfFile();
        Assert.Equal([CrashFixture.ResultOf(CrashFixture.Sources[0])], Directory.GetFiles(CrashFixture.Results));
    }

    [Fact]
    public async Task Renamed_before_it_is_recorded()
    {
        await CrashFixture.RunAsync();
        int fetched = CrashFixture.Service.Ledger.RequestsOn(ApiRoute.File).Count;
        // As a process leaves it that is killed between the two.
        CrashFixture.ChangeJournal("UPDATE edit SET state = 'Writing', owner = 'a process that was killed'");

        EndedProcess again = await CrashFixture.RunAsync();

        Assert.Equal(3, again.Count(EditOutcome.Resumed));
        Assert.Equal(fetched, CrashFixture.Service.Ledger.RequestsOn(ApiRoute.File).Count);
        await AllAreReceivedAsync();
    }

    [Fact]
    public async Task Synchronous_in_the_middle_of_the_answer_with_the_image()
    {
        CrashFixture.Parameters += " -Transport Sync";
        Fault(ApiRoute.Sync, FaultKind.DelayBody);
        await KillAsync(HalfIsThereAsync);
        Assert.Equal(["Completed"], CrashFixture.States());
        await AllAreReceivedAsync();
    }
}
