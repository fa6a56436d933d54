using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>Several images of one call that would write one file.</summary>
public sealed class CollisionTests : CommandTest
{
    [Theory]
    [InlineData("Invoke-QwenImageEdit x/a.png, y/a.png 'Make it red' -DestinationPath out")]
    [InlineData("Invoke-QwenImageEdit */a.png 'Make it red' -DestinationPath out")]
    [InlineData("Invoke-QwenImageEdit */a.png 'Make it red' -DestinationPath one.png")]
    [InlineData("Invoke-QwenImageEdit x/a.png, x/a.png 'Make it red'")]
    [InlineData("'x/a.png', 'y/a.png' | Invoke-QwenImageEdit -Prompt 'Make it red' -DestinationPath one.png")]
    [InlineData("Get-ChildItem -Recurse -File | Invoke-QwenImageEdit -Prompt 'Make it red' -DestinationPath one.png")]
    [InlineData("Get-ChildItem -Recurse -File | Invoke-QwenImageEdit -Prompt 'Make it red' -DestinationPath one.png -Force")]
    public async Task Sends_neither_where_both_are_known(string script)
    {
        Folder.Images("x/a.png", "y/a.png");

        ScriptRun run = await RunAsync(script);

        Assert.Equal(["DestinationCollision", "DestinationCollision"], run.ErrorNames());
        Assert.All(run.Errors, record => Assert.Contains((string)record.TargetObject, record.ToString(), StringComparison.Ordinal));
        Assert.Empty(run.Output);
        AssertNothingWasSent();
    }

    [Theory]
    [InlineData("Get-ChildItem -Recurse -File | Invoke-QwenImageEdit -Prompt 'Make it red' -DestinationPath out")]
    [InlineData("Get-ChildItem -Recurse -File | Invoke-QwenImageEdit -Prompt 'Make it red' -DestinationPath out -Force")]
    [InlineData("Get-ChildItem -Recurse -File | Invoke-QwenImageEdit -Prompt 'Make it red' -DestinationPath { 'one.png' }")]
    public async Task Refuses_the_later_one_of_a_stream(string script)
    {
        Folder.Images("x/a.png", "y/a.png");

        ScriptRun run = await RunAsync(script);

        Assert.Equal(Folder["y/a.png"], run.SingleError(EditError.DestinationCollision).TargetObject);
        Assert.Equal([Folder["x/a.png"]], run.Values("Source"));
        Assert.Single(Emulator.Ledger.Jobs);
    }

    [Fact]
    public async Task One_image_may_go_to_one_file_through_a_pipeline()
    {
        Folder.Image("a.png");

        ScriptRun run = (await RunAsync("Get-ChildItem | Invoke-QwenImageEdit -Prompt 'Make it red' -DestinationPath one.png")).WithoutErrors();

        Assert.Equal([Folder["one.png"]], run.Values("Destination"));
    }

    [Fact]
    public async Task Names_that_differ_only_in_the_extension_of_their_images_collide()
    {
        Folder.Images("a.bmp", "a.png", "b.png");

        ScriptRun run = await RunAsync("Invoke-QwenImageEdit * 'Make it red'");

        Assert.Equal([Folder["a.bmp"], Folder["a.png"]], run.Errors.Select(record => record.TargetObject).Order());
        Assert.Equal([Folder["b.png"]], run.Values("Source"));
    }

    [Fact]
    public async Task Receiving_two_jobs_into_one_file_receives_the_first()
    {
        Folder.Images("x/a.png", "y/a.png");

        ScriptRun run = await RunAsync("""
            Get-ChildItem -Recurse -File | Submit-QwenImageEdit -Prompt 'Make it red' |
                Receive-QwenEditResult -Wait -DestinationPath one.png
            """);

        run.SingleError(EditError.DestinationCollision, "ReceiveQwenEditResult");
        Assert.Single(run.Output);
    }
}
