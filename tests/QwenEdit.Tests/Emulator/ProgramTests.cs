using System.Text.RegularExpressions;
using QwenEdit.Emulator;

namespace QwenEdit.Tests.Emulation;

/// <summary>The emulator as a program.</summary>
public sealed class ProgramTests
{
    [Fact]
    public async Task Help_names_every_option()
    {
        var (code, output, _) = await EmulatorProcess.RunAsync("--help");

        Assert.Equal(0, code);
        // All but the three lists of models, the log (which is --quiet) and the time.
        Assert.Equal(
            typeof(EmulatorOptions).GetProperties().Length - 5,
            Regex.Count(output, "^  (-., )?--(?!help|version|quiet)", RegexOptions.Multiline));
        Assert.Contains("--latency-spread", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_prints_lines_to_copy_and_a_line_per_request()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await using var emulator = await EmulatorProcess.StartAsync("--latency", "0");
        using var http = new HttpClient();

        using var answer = await http.GetAsync(new Uri(emulator.Endpoint, "/v1/get-user-credits"), soon.Token);
        var line = await emulator.ReadLineAsync(soon.Token);
        while (line is "")
        {
            line = await emulator.ReadLineAsync(soon.Token);
        }

        Assert.Contains("$env:SEGMIND_API_KEY = 'SG_0123456789abcdef'", emulator.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("WARNING", emulator.Output, StringComparison.Ordinal);
        Assert.Matches(@"^\d\d:\d\d:\d\d\.\d+ 401 GET +/v1/get-user-credits · Missing Authorization", line);
    }

    [Fact]
    public async Task Listening_beyond_this_machine_is_warned_about()
    {
        await using var emulator = await EmulatorProcess.StartAsync("--address", "0.0.0.0");

        Assert.Contains("WARNING: listening on 0.0.0.0", emulator.Output + await RestAsync(emulator), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--latency=-1")]
    [InlineData("--edit=beautifully")]
    [InlineData("--address=everywhere")]
    [InlineData("--no-such-option")]
    public async Task Wrong_options_end_it(string argument)
    {
        var (code, _, errors) = await EmulatorProcess.RunAsync(argument);

        Assert.NotEqual(0, code);
        Assert.NotEmpty(errors);
    }

    [Fact]
    public async Task A_taken_port_is_told_in_a_sentence()
    {
        await using var first = await SegmindEmulator.StartAsync();

        var (code, _, errors) = await EmulatorProcess.RunAsync("--port", first.Endpoint.Port.ToString(null, null));

        Assert.Equal(1, code);
        Assert.Contains("free one", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_temporary_folder_goes_with_the_emulator()
    {
        var parent = Directory.CreateTempSubdirectory("emulator-test-");
        try
        {
            await using (var emulator = await SegmindEmulator.StartAsync(new EmulatorOptions { SpoolFolder = parent.FullName }))
            {
                Assert.Single(parent.EnumerateDirectories());
            }
            Assert.Empty(parent.EnumerateFileSystemInfos());
        }
        finally
        {
            parent.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_killed_emulators_folder_goes_with_the_next_start()
    {
        var parent = Directory.CreateTempSubdirectory("emulator-test-");
        try
        {
            await using (await EmulatorProcess.StartAsync("--spool-folder", parent.FullName))
            {
                Assert.Single(parent.EnumerateDirectories());
            }
            var left = Assert.Single(parent.EnumerateDirectories()).Name;
            await using var next = await SegmindEmulator.StartAsync(new EmulatorOptions { SpoolFolder = parent.FullName });

            Assert.NotEqual(left, Assert.Single(parent.EnumerateDirectories()).Name);
        }
        finally
        {
            parent.Delete(recursive: true);
        }
    }

    private static async Task<string> RestAsync(EmulatorProcess emulator)
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var rest = "";
        while (!rest.Contains("TLS", StringComparison.Ordinal))
        {
            rest += await emulator.ReadLineAsync(soon.Token) + "\n";
        }
        return rest;
    }
}
