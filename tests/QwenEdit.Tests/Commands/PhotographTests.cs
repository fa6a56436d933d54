using System.Management.Automation;
using ImageMagick;
using QwenEdit.Emulator;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>Twenty photographs of mixed formats, really edited.</summary>
public sealed class PhotographTests : CommandTest
{
    protected override EmulatorOptions Options { get; } = new() { Latency = TimeSpan.FromMilliseconds(100) };

    [Fact]
    public async Task Come_to_an_image_each_and_a_clear_error_for_each_that_is_none()
    {
        Photographs.Take(Folder);

        ScriptRun run = await RunAsync("""
            Get-ChildItem | Invoke-QwenImageEdit -Prompt "Change '1000$' to '5$'" -DestinationPath out
            """);

        Assert.Null(run.TerminatingError);
        Assert.Equal(["NotAnImage", "NotAnImage"], run.ErrorNames());
        Assert.Equal([Folder["empty.jpg"], Folder["notes.png"]], run.Errors.Select(record => record.TargetObject).Order());
        Assert.Equal(Photographs.Good.Select(photograph => Folder[photograph.Name]).Order(), run.Values("Source").Order());
        Assert.All(run.Values("Status"), status => Assert.Equal("Received", $"{status}"));
        foreach (PSObject result in run.Output)
        {
            Photographs.Photograph photograph = Photographs.Good.Single(one => Folder[one.Name] == (string)result.Properties["Source"].Value);
            using MagickImage image = new((string)result.Properties["Destination"].Value);
            Assert.Equal(MagickFormat.Png, image.Format);
            Assert.Equal(photograph.Upright.Width, image.Width);
            // A caption is added beneath.
            Assert.True(image.Height >= photograph.Upright.Height, $"{photograph.Name} is {image.Height} high.");
        }
    }
}
