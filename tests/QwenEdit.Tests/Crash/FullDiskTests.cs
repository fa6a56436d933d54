using QwenEdit.Tests.Crash.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Crash;

/// <summary>The disk is full where the journal is, or where the results go.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private CrashFixture _fixture = null!;

    public async Task InitializeAsync() => _fixture = await CrashFixture.StartAsync(images: 6);

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [SmallDiskFact]
    public async Task Without_room_for_a_journal_nothing_is_sent()
    {
        using SmallDisk disk = SmallDisk.Mount(Path.GetDirectoryName(_fixture.Journal)!, kilobytes: 64);
        disk.Fill();

        EndedProcess run = await _fixture.RunAsync();

        Assert.StartsWith("JournalUnavailable,", Assert.Single(run.Errors), StringComparison.Ordinal);
        Assert.Empty(_fixture.Service.Ledger.Requests);
    }

    [SmallDiskFact]
    public async Task Without_room_for_one_more_intent_nothing_more_is_sent()
    {
        using SmallDisk disk = SmallDisk.Mount(Path.GetDirectoryName(_fixture.Journal)!, kilobytes: 4096);
        await _fixture.RunAsync();
        int requests = _fixture.Service.Ledger.Requests.Count;
        disk.Fill();
        _fixture.AddImages(6);

        EndedProcess full = await _fixture.RunAsync();

        Assert.All(full.Errors, error => Assert.StartsWith("JournalUnavailable,", error, StringComparison.Ordinal));
        Assert.NotEmpty(full.Errors);
        Assert.Equal(requests, _fixture.Service.Ledger.Requests.Count);

        disk.Free();
        EndedProcess again = await _fixture.RunAsync();
        Assert.Equal(6, again.Count(EditOutcome.Received));
        Assert.Equal(0, _fixture.LedgerCheck.FindsNothingLost());
    }

    [SmallDiskTheory]
    [InlineData(EditTransport.Async, 50, 100, 200, 400)]
    [InlineData(EditTransport.Sync, 100)]
    public async Task Where_the_room_ends_in_the_middle_of_a_batch_nothing_is_paid_twice_or_lost(EditTransport transport, params int[] rooms)
    {
        _fixture.Parameters += $" -Transport {transport}";
        using SmallDisk disk = SmallDisk.Mount(Path.GetDirectoryName(_fixture.Journal)!, kilobytes: 8192);
        await _fixture.RunAsync();
        foreach (int room in rooms)
        {
            _fixture.AddImages(20);
            disk.Fill(leaving: room);
            EndedProcess full = await _fixture.RunAsync();
            Assert.DoesNotContain(full.Errors, error => error.StartsWith("UnexpectedError", StringComparison.Ordinal));
            if (full.Errors.Count == 0)
            {
                Assert.All(_fixture.States(), state => Assert.Equal("Received", state));
            }

            _fixture.LedgerCheck.FindsNoSecondBill();
            _fixture.LedgerCheck.FindsNoHalfFile();
            disk.Free();
        }

        await _fixture.RunAsync();
        _fixture.LedgerCheck.FindsNothingLost(listedMayBeThere: true);
    }

    [SmallDiskFact]
    public async Task A_journal_on_a_disk_that_became_read_only_is_refused_before_anything_is_sent()
    {
        using SmallDisk disk = SmallDisk.Mount(Path.GetDirectoryName(_fixture.Journal)!, kilobytes: 4096);
        await _fixture.RunAsync();
        int requests = _fixture.Service.Ledger.Requests.Count;
        _fixture.AddImages(1);
        disk.MakeReadOnly();

        EndedProcess run = await _fixture.RunAsync();

        Assert.StartsWith("JournalUnavailable,", Assert.Single(run.Errors), StringComparison.Ordinal);
        Assert.Equal(requests, _fixture.Service.Ledger.Requests.Count);
    }

    [SmallDiskTheory]
    [InlineData(EditTransport.Async)]
    [InlineData(EditTransport.Sync)]
    public async Task Without_room_for_the_results_the_paid_jobs_stay_to_be_received(EditTransport transport)
    {
        await _fixture.DisposeAsync();
        _fixture = await CrashFixture.StartAsync(images: 6, bytes: 30_000);
        _fixture.Parameters += $" -Transport {transport}";
        using SmallDisk disk = SmallDisk.Mount(_fixture.Results, kilobytes: 256);
        // Enough for a try, and for no image.
        disk.Fill(leaving: 16);

        EndedProcess full = await _fixture.RunAsync();

        Assert.Equal(6, full.Errors.Count(error => error.StartsWith("DestinationUnwritable,", StringComparison.Ordinal)));
        Assert.Equal(6, full.Count(EditOutcome.NotReceived));
        Assert.Equal(["filler"], Directory.GetFiles(_fixture.Results).Select(Path.GetFileName));

        // Elsewhere, by what the journal knows; and at the place itself, once there is room.
        string elsewhere = Path.Combine(_fixture.Images, "elsewhere");
        using (PowerShellHost host = PowerShellHost.Open())
        {
            ScriptRun received = await host
                .Set("journal", _fixture.Journal)
                .Set("elsewhere", elsewhere + "/")
                .Set("endpoint", _fixture.Service.Endpoint.AbsoluteUri)
                .Set("key", _fixture.Service.ApiKey)
                .RunAsync("""
                    Get-QwenEditJob -JournalPath $journal |
                        Receive-QwenEditResult -DestinationPath $elsewhere -JournalPath $journal -Endpoint $endpoint -ApiKey $key
                    """);
            Assert.Equal(6, received.WithoutErrors().Output.Count);
        }

        Assert.All(_fixture.Sources, source => Assert.Equal(CrashFixture.HashOf(source), CrashFixture.HashOf(Path.Combine(elsewhere, Path.GetFileName(source)))));
        disk.Free();
        EndedProcess again = await _fixture.RunAsync();
        Assert.Equal(6, again.Count(EditOutcome.Resumed));
        Assert.Equal(0, _fixture.LedgerCheck.FindsNothingLost());
        Assert.Equal(6, _fixture.Service.Ledger.Jobs.Count);
    }
}
