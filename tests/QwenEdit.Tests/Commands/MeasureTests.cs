using System.Management.Automation;
using QwenEdit.Emulator;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>What a run would do is said beforehand, and then it does that.</summary>
public sealed class MeasureTests : CommandTest
{
    [Fact]
    public async Task New_images_are_counted_and_nothing_is_sent_or_written()
    {
        Folder.Images("a.png", "b.png");
        Folder.Text("c.png", "a text");

        PSObject forecast = await ForecastAsync("Get-ChildItem *.png | Measure-QwenImageEdit -Prompt 'Make it red' -ApiKey ''");

        Assert.Equal((3, 2, 0, 0), Counts(forecast));
        Assert.Equal(2L * MadeImages.Png.Length, forecast.Properties["Bytes"].Value);
        Assert.Contains("c.png", Assert.Single(Problems(forecast)), StringComparison.Ordinal);
        Assert.Null(forecast.Properties["ExpectedCost"].Value);
        Assert.Null(forecast.Properties["ExpectedDuration"].Value);
        Assert.Empty(Emulator.Ledger.Requests);
        Assert.Equal(["a.png", "b.png", "c.png"], Folder.Files);
    }

    [Fact]
    public async Task Cost_and_time_are_those_that_the_journal_has_seen()
    {
        Folder.Images("a.png");
        (await RunAsync("Invoke-QwenImageEdit a.png 'Make it red'")).WithoutErrors();
        Folder.Images("b.png", "c.png", "d.png");

        PSObject forecast = await ForecastAsync("Measure-QwenImageEdit *.png 'Make it red' -ThrottleLimit 2 -WarningAction Stop | ForEach-Object { $_ }");

        // a-edited.png is the result of a.png.
        Assert.Equal((5, 3, 0, 1), Counts(forecast));
        Assert.Contains("a-edited.png", Assert.Single(Problems(forecast)), StringComparison.Ordinal);
        Assert.Equal(3 * 0.0125m, forecast.Properties["ExpectedCost"].Value);
        TimeSpan expected = (TimeSpan)forecast.Properties["ExpectedDuration"].Value;
        Assert.InRange(expected, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task What_is_submitted_would_be_received_and_what_is_unknown_is_a_problem()
    {
        Folder.Images("a.png", "b.png");
        (await RunAsync("Submit-QwenImageEdit a.png 'Make it red' -DestinationPath out")).WithoutErrors();
        Emulator.Faults.Add(new Fault { Kind = FaultKind.ResetAfterAccepting, Route = ApiRoute.Submit });
        await RunAsync("Submit-QwenImageEdit b.png 'Make it red' -DestinationPath out -ErrorAction Ignore");
        int requests = Emulator.Ledger.Requests.Count;

        PSObject forecast = await ForecastAsync("Measure-QwenImageEdit *.png 'Make it red' -DestinationPath out");
        PSObject resubmitting = await ForecastAsync("Measure-QwenImageEdit *.png 'Make it red' -DestinationPath out -Resubmit Unknown");

        Assert.Equal((2, 0, 1, 0), Counts(forecast));
        Assert.Contains("b.png", Assert.Single(Problems(forecast)), StringComparison.Ordinal);
        Assert.Equal((2, 1, 1, 0), Counts(resubmitting));
        Assert.Equal(requests, Emulator.Ledger.Requests.Count);
    }

    [Fact]
    public async Task A_file_that_is_in_the_way_is_a_problem_unless_forced()
    {
        Folder.Images("a.png", "a-edited.png");

        Assert.Contains("a-edited.png", Assert.Single(Problems(await ForecastAsync("Measure-QwenImageEdit a.png 'Make it red'"))), StringComparison.Ordinal);
        Assert.Equal((1, 1, 0, 0), Counts(await ForecastAsync("Measure-QwenImageEdit a.png 'Make it red' -Force")));
    }

    [Fact]
    public async Task It_takes_whatever_Invoke_takes()
    {
        ScriptRun run = (await RunAsync("(Get-Command Invoke-QwenImageEdit).Parameters.Keys; '|'; (Get-Command Measure-QwenImageEdit).Parameters.Keys")).WithoutErrors();

        string[] names = [.. run.Output.Select(name => (string)name.BaseObject)];
        int split = Array.IndexOf(names, "|");
        Assert.Equal(["Confirm", "WhatIf"], names[..split].Except(names[(split + 1)..]).Order());
    }

    [Fact]
    public async Task No_image_is_a_forecast_of_nothing() =>
        Assert.Equal((0, 0, 0, 0), Counts(await ForecastAsync("@() | Measure-QwenImageEdit -Prompt 'Make it red'")));

    private async Task<PSObject> ForecastAsync(string script) => Assert.Single((await RunAsync(script)).WithoutErrors().Output);

    private static (int Images, int ToSubmit, int ToReceive, int Done) Counts(PSObject forecast) => (
        (int)forecast.Properties["Images"].Value,
        (int)forecast.Properties["ToSubmit"].Value,
        (int)forecast.Properties["ToReceive"].Value,
        (int)forecast.Properties["Done"].Value);

    private static IEnumerable<string> Problems(PSObject forecast) => (IEnumerable<string>)forecast.Properties["Problems"].Value;
}
