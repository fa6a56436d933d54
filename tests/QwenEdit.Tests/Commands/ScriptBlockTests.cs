using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>Script blocks as arguments, which PowerShell runs for each image.</summary>
public sealed class ScriptBlockTests : CommandTest
{
    [Fact]
    public async Task A_prompt_can_be_made_of_each_file()
    {
        Folder.Images("blue.png", "red.png");

        (await RunAsync("Get-ChildItem | Invoke-QwenImageEdit -Prompt { \"Make it $($_.BaseName)\" }")).WithoutErrors();

        Assert.Equal(["Make it blue", "Make it red"], Emulator.Ledger.Jobs.Select(job => job.Prompt).Order());
    }

    [Fact]
    public async Task A_destination_can_be_made_of_each_file()
    {
        Folder.Images("a.png", "b.png");

        ScriptRun run = (await RunAsync("""
            Get-ChildItem | Invoke-QwenImageEdit -Prompt 'Make it red' -DestinationPath { "out/$($_.BaseName)-red.png" }
            """)).WithoutErrors();

        Assert.Equal(["a.png", "b.png", "out/a-red.png", "out/b-red.png"], Folder.Files);
        Assert.Equal([Folder["out/a-red.png"], Folder["out/b-red.png"]], run.Values("Destination").Order());
    }

    [Fact]
    public async Task Any_parameter_of_an_edit_can_be_a_script_block()
    {
        Folder.Images("1.png", "2.png");

        (await RunAsync("""
            Get-ChildItem | Invoke-QwenImageEdit -Prompt { "No. $($_.BaseName)" } -Seed { [long] $_.BaseName } -Steps { 3 + $_.BaseName } `
                -Quality { 80 } -ImageFormat { 'Webp' } -Guidance { 4 }
            """)).WithoutErrors();

        Assert.Equal(
            [("No. 1", 1L, 4, 80, "webp", 4.0), ("No. 2", 2L, 5, 80, "webp", 4.0)],
            Emulator.Ledger.Jobs.Select(job => (job.Prompt, job.Seed, job.Steps, job.Quality, job.ImageFormat, job.Guidance)).Order());
    }

    [Fact]
    public async Task A_script_block_that_fails_for_one_image_is_one_error()
    {
        Folder.Images("a.png", "b.png", "c.png");

        ScriptRun run = await RunAsync("""
            Get-ChildItem | Invoke-QwenImageEdit -Prompt { if ($_.Name -eq 'b.png') { throw 'no words for b' }; 'Make it red' }
            """);

        Assert.Contains("no words for b", Assert.Single(run.Errors).ToString(), StringComparison.Ordinal);
        Assert.Equal([Folder["a.png"], Folder["c.png"]], run.Values("Source").Order());
    }

    [Fact]
    public async Task A_script_block_that_makes_a_wrong_destination_is_one_error_for_each()
    {
        Folder.Images("a.png", "b.png");

        ScriptRun run = await RunAsync("Get-ChildItem | Invoke-QwenImageEdit -Prompt 'Make it red' -DestinationPath { \"$($_.BaseName).jpg\" }");

        Assert.Equal(["DestinationFormatMismatch", "DestinationFormatMismatch"], run.ErrorNames());
        AssertNothingWasSent();
    }
}
