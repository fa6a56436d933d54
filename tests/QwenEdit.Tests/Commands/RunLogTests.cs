using System.Text.Json;
using QwenEdit.Commands.Parameters;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Records;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Crash.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>What <c>-LogPath</c> leaves for whoever was not there.</summary>
public sealed class RunLogTests : RunTest
{
    [Fact]
    public async Task A_run_writes_its_steps_and_its_sum()
    {
        MakeImages(2);
        (await RunAsync("Invoke-QwenImageEdit *.png -Prompt Blue -LogPath logs -RunVariable run")).WithoutErrors();

        JsonElement[] lines = Log();
        Assert.Equal("run.started", Text(lines[0], "event"));
        Assert.Equal("Invoke-QwenImageEdit", Text(lines[0], "command"));
        string[] ids = [.. Emulator.Ledger.Jobs.Select(job => job.RequestId).Order()];
        Assert.Equal(ids, Of(lines, "edit.submitted").Select(line => Text(line, "requestId")).Order());
        Assert.Equal(ids, Of(lines, "edit.received").Select(line => Text(line, "requestId")).Order());
        Assert.Equal(
            [$"{Folder["01.png"]} Received {Price}", $"{Folder["02.png"]} Received {Price}"],
            Of(lines, "edit.ended").Select(line => $"{Text(line, "source")} {Text(line, "status")} {line.GetProperty("cost").GetDecimal()}").Order());
        JsonElement end = lines[^1];
        Assert.Equal("run.ended", Text(end, "event"));
        Assert.Equal(2, end.GetProperty("received").GetInt32());
        Assert.Equal(2 * Price, end.GetProperty("cost").GetDecimal());
        Assert.Equal(0, end.GetProperty("exitCode").GetInt32());
        Assert.Equal(RunValue("RunId"), end.GetProperty("runId").GetInt64());
    }

    [Fact]
    public async Task Every_line_has_its_time_in_UTC_its_level_and_its_event()
    {
        MakeImages(1);
        DateTimeOffset before = DateTimeOffset.UtcNow.AddSeconds(-1);
        await RunAsync("Invoke-QwenImageEdit *.png -Prompt Blue -LogPath logs");

        Assert.All(Log(), line =>
        {
            Assert.EndsWith("Z", Text(line, "time"), StringComparison.Ordinal);
            Assert.InRange(line.GetProperty("time").GetDateTimeOffset(), before, DateTimeOffset.UtcNow.AddSeconds(1));
            Assert.Contains(Text(line, "level"), (string[])["debug", "information", "warning", "error"]);
            Assert.NotEmpty(Text(line, "event")!);
        });
    }

    [Fact]
    public async Task Each_run_has_a_file_of_its_own()
    {
        MakeImages(1);
        (await RunAsync("""
            $null = Submit-QwenImageEdit *.png -Prompt Blue -LogPath logs | Receive-QwenEditResult -Wait -LogPath logs
            Resume-QwenImageEdit -LogPath logs
            $null = Invoke-QwenImageEdit 01.png -Prompt Blue -LogPath logs
            """)).WithoutErrors();

        string[] commands = ["Invoke-QwenImageEdit", "Receive-QwenEditResult", "Resume-QwenImageEdit", "Submit-QwenImageEdit"];
        Assert.Equal(commands, Logs.Select(file => Text(Read(file)[0], "command")).Order());
        Assert.All(Logs, file => Assert.Contains(Text(Read(file)[0], "command")!, file, StringComparison.Ordinal));
        Assert.All(Logs, file => Assert.Equal("run.ended", Text(Read(file)[^1], "event")));
    }

    public static TheoryData<string, int, string> Ways => new()
    {
        { "Invoke-QwenImageEdit *.png -Prompt emulate:fail", 1, "" },
        { "Invoke-QwenImageEdit *.png, missing.png -Prompt Blue", 1, "" },
        { "Invoke-QwenImageEdit *.png -Prompt emulate:fail -ErrorAction Stop", 5, "Cancelled" },
        { "Invoke-QwenImageEdit *.png -Prompt Blue -ThrottleLimit 1 | Select-Object -First 1", 5, "Cancelled" },
        { "Invoke-QwenImageEdit *.png -Prompt Blue | ForEach-Object { throw 'downstream' }", 5, "Cancelled" },
        { "Invoke-QwenImageEdit *.png -Prompt Blue -MaxCost 0.0001", 8, "MaxCost" },
        { "Invoke-QwenImageEdit *.png -Prompt Blue -ApiKey ''", 7, "Authorization" },
        { "Invoke-QwenImageEdit *.png -Prompt Blue -Endpoint ftp://nowhere", 1, "" },
        { "Resume-QwenImageEdit -JournalPath ./01.png/journal.db", 12, "Disk" },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_last_line_says_how_the_run_ended_on_every_way_out(string script, int exitCode, string stoppedBy)
    {
        MakeImages(3);
        await RunAsync("$null = Invoke-QwenImageEdit 03.png -Prompt Price");
        string[] parts = script.Split('|', 2);
        await RunAsync($"{parts[0]} -LogPath logs -RunVariable run {(parts.Length > 1 ? "|" + parts[1] : "")}");

        JsonElement end = Log()[^1];
        Assert.Equal("run.ended", Text(end, "event"));
        Assert.Equal(RunValue("ExitCode"), end.GetProperty("exitCode").GetInt32());
        Assert.Equal(stoppedBy, Text(end, "stoppedBy") ?? "");
        Assert.Equal(exitCode, end.GetProperty("exitCode").GetInt32());
    }

    [Fact]
    public async Task A_stopped_run_says_so()
    {
        MakeImages(1);
        using RunningScript script = Host.Start("Invoke-QwenImageEdit *.png -Prompt 'emulate:seconds=600' -LogPath logs");
        await Emulator.Ledger.WaitForAsync(request => request.Status == 200).WaitAsync(Patience);
        await script.StopAsync();

        JsonElement[] lines = Log();
        Assert.Equal("Cancelled", Text(Assert.Single(Of(lines, "edit.ended")), "status"));
        Assert.Equal("Cancelled", Text(lines[^1], "stoppedBy"));
    }

    [Fact]
    public async Task What_was_said_is_on_the_disk_while_the_run_goes_on()
    {
        MakeImages(1);
        using RunningScript script = Host.Start("Invoke-QwenImageEdit *.png -Prompt 'emulate:seconds=600' -LogPath logs");
        await Emulator.Ledger.WaitForAsync(_ => Emulator.Ledger.RequestsOn(ApiRoute.Status).Count > 0).WaitAsync(Patience);

        Assert.Equal(Emulator.Ledger.Jobs[0].RequestId, Text(Assert.Single(Of(Log(), "edit.submitted")), "requestId"));
        await script.StopAsync();
    }

    [Fact]
    public async Task Errors_have_their_ids()
    {
        MakeImages(1);
        Folder.Text("no.png", "text");
        await RunAsync("Invoke-QwenImageEdit *.png -Prompt emulate:fail -LogPath logs");

        JsonElement[] lines = [.. Log().Where(line => line.TryGetProperty("error", out _))];
        Assert.Equal(
            [$"{Folder["01.png"]} JobFailed error", $"{Folder["no.png"]} NotAnImage error"],
            lines.Select(line => $"{Text(line, "source")} {Text(line, "error")} {Text(line, "level")}").Order());
        Assert.All(lines, line => Assert.NotEmpty(Text(line, "message")!));
    }

    [Fact]
    public async Task A_log_that_can_not_be_written_ends_the_call_before_anything_is_sent()
    {
        MakeImages(1);
        foreach (string path in (string[])["01.png", "01.png/logs", "new.log"])
        {
            ScriptRun run = await RunAsync($"Invoke-QwenImageEdit *.png -Prompt Blue -LogPath {path} -RunVariable run");

            Assert.Contains(path, run.EndingError(EditError.LogUnavailable).ToString(), StringComparison.Ordinal);
            ExpectRun(new { StoppedBy = "Disk", ExitCode = 12 });
        }

        AssertNothingWasSent();
        Assert.Equal(["01.png"], Folder.Files);
    }

    [Theory]
    [InlineData("-WhatIf")]
    [InlineData("-WhatIf:$true -Confirm:$false")]
    public async Task What_if_writes_none(string parameters)
    {
        MakeImages(1);
        (await RunAsync($"Invoke-QwenImageEdit *.png -Prompt Blue -LogPath logs {parameters}")).WithoutErrors();
        (await RunAsync("$WhatIfPreference = $true; Invoke-QwenImageEdit *.png -Prompt Blue -LogPath logs")).WithoutErrors();

        Assert.Equal(["01.png"], Folder.Files);
    }

    [Fact]
    public async Task The_query_of_an_address_is_left_out()
    {
        await RunAsync("Invoke-QwenImageEdit -Uri 'https://images.example.com/a.png?sig=hush' -Prompt Blue -LogPath logs -DestinationPath out");

        string text = File.ReadAllText(Assert.Single(Logs));
        Assert.Contains("https://images.example.com/a.png", text, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", text, StringComparison.Ordinal);
    }

    [UnixFact("Windows has no file modes.")]
    public async Task The_file_is_the_users_alone()
    {
        await RunAsync("Resume-QwenImageEdit -LogPath logs");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(Assert.Single(Logs)));
    }

    [SmallDiskFact]
    public async Task A_disk_that_fills_up_is_one_warning_and_no_edit_is_lost()
    {
        MakeImages(4);
        using SmallDisk disk = SmallDisk.Mount(Folder["logs"], kilobytes: 64);
        // Room for the first lines.
        disk.Fill(leaving: 4);
        ScriptRun run = (await RunAsync("Invoke-QwenImageEdit *.png -Prompt Blue -LogPath logs -DestinationPath done -RunVariable run")).WithoutErrors();

        Assert.Contains("can't be written any more", Assert.Single(run.Warnings), StringComparison.Ordinal);
        ExpectRun(new { Received = 4, ExitCode = 0 });
        // Whole lines all.
        Assert.NotEmpty(Log());
    }

    private IReadOnlyList<string> Logs => [.. Directory.EnumerateFiles(Folder["logs"], "*.jsonl").Order(StringComparer.Ordinal)];

    private JsonElement[] Log() => Read(Assert.Single(Logs));

    // While it is written, too.
    private static JsonElement[] Read(string path)
    {
        using StreamReader reader = new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private static IEnumerable<JsonElement> Of(IEnumerable<JsonElement> lines, string name) => lines.Where(line => Text(line, "event") == name);

    private static string? Text(JsonElement line, string name) => line.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}
