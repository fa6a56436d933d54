using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using QwenEdit.Emulator;
using QwenEdit.Emulator.Spool;

namespace QwenEdit.Tests.Emulation;

/// <summary>The emulator as a program.</summary>
public sealed class ProgramTests
{
    [Fact]
    public async Task Help_names_every_option()
    {
        var (code, output, _) = await EmulatorProcess.RunAsync("--help");

        Assert.Equal(0, code);
        // All but the three lists of models, the log (which is --quiet), the time, and the preset that is in both.
        Assert.Equal(
            typeof(EmulatorOptions).GetProperties().Length - 6,
            Regex.Count(output, "^  (-., )?--(?!help|version|quiet|like-the-service)", RegexOptions.Multiline));
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
    public async Task The_first_thing_that_it_is_told_may_be_a_fault()
    {
        await using var emulator = await EmulatorProcess.StartAsync();
        using var http = new HttpClient();

        using var answer = await http.PostAsJsonAsync(new Uri(emulator.Endpoint, "/_emulator/faults"), new { kind = "trickle" });

        Assert.Equal((HttpStatusCode.OK, 1), (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsArray().Count));
    }

    [Fact]
    public async Task Listening_beyond_this_machine_is_warned_about()
    {
        await using var emulator = await EmulatorProcess.StartAsync("--address", "0.0.0.0");

        Assert.Contains("WARNING: listening on 0.0.0.0", emulator.Output + await RestAsync(emulator), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--latency=-1", "--latency takes a number from 0 to")]
    [InlineData("--latency=soon", "--latency takes a number from 0 to not 'soon'")]
    [InlineData("--rate-limit-window=0", "--rate-limit-window takes a number from 1 to")]
    [InlineData("--port=65536", "--port takes an integer from 0 to 65535, not '65536'")]
    [InlineData("--edit=beautifully", "caption none")]
    [InlineData("--insufficient-credits=418", "406 402")]
    [InlineData("--rate-limit-reset=soon", "iso8601 rfc1123 unixseconds unixmilliseconds")]
    [InlineData("--request-ids=odd", "dashed undashed")]
    [InlineData("--address=everywhere", "0.0.0.0")]
    [InlineData("--no-such-option", "--no-such-option")]
    public async Task Wrong_options_end_it_and_the_valid_values_are_named(string argument, string named)
    {
        var (code, _, errors) = await EmulatorProcess.RunAsync(argument);

        Assert.Equal(1, code);
        Assert.All(named.Split(' '), word => Assert.Contains(word, errors, StringComparison.Ordinal));
        Assert.DoesNotContain("QwenEdit", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 0.0364)]
    [InlineData(8.73, 0.0364, "--like-the-service")]
    [InlineData(8.73, 0.01, "--like-the-service", "--cost", "0.01")]
    [InlineData(0.5, 0.0364, "--like-the-service", "--latency", "0.5")]
    public async Task It_is_quick_unless_it_is_to_be_like_the_service(double latency, decimal cost, params string[] arguments)
    {
        await using var emulator = await EmulatorProcess.StartAsync(arguments);
        using var http = new HttpClient();

        var status = JsonNode.Parse(await http.GetStringAsync(new Uri(emulator.Endpoint, "/_emulator/status")))!;

        Assert.Equal((latency, cost), (status["latency_seconds"]!.GetValue<double>(), status["cost_per_job"]!.GetValue<decimal>()));
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
