using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

public sealed class DestinationTests : CommandTest
{
    [Theory]
    [InlineData("", "a-edited.png")]
    [InlineData("-ImageFormat Jpeg", "a-edited.jpeg")]
    [InlineData("-ImageFormat Webp", "a-edited.webp")]
    [InlineData("-DestinationPath ''", "a-edited.png")]
    [InlineData("-DestinationPath out", "out/a.png")]
    [InlineData("-DestinationPath out -ImageFormat Webp", "out/a.webp")]
    [InlineData("-DestinationPath ./out/deep/", "out/deep/a.png")]
    [InlineData("-DestinationPath out/v1.0", "out/v1.0/a.png")]
    [InlineData("-DestinationPath out.png/", "out.png/a.png")]
    [InlineData("-DestinationPath folder.png", "folder.png/a.png")]
    [InlineData("-DestinationPath \"$folder/out\"", "out/a.png")]
    [InlineData("-DestinationPath red.png", "red.png")]
    [InlineData("-DestinationPath out/red.PNG", "out/red.PNG")]
    [InlineData("-DestinationPath red.jpg -ImageFormat Jpeg", "red.jpg")]
    [InlineData("-DestinationPath red.jpeg -ImageFormat Jpeg", "red.jpeg")]
    [InlineData("-DestinationPath '红 [1].png'", "红 [1].png")]
    [InlineData("-DestinationPath .", "a-edited.png")]
    [InlineData("-DestinationPath $folder", "a-edited.png")]
    [InlineData("-DestinationPath out/..", "a-edited.png")]
    [InlineData("-DestinationPath (Get-ChildItem folder.png/..).Where({ $_.Name -eq 'folder.png' })[0]", "folder.png/a.png")]
    public async Task Puts_the_result(string arguments, string file)
    {
        Folder.Image("a.png");
        Directory.CreateDirectory(Folder["folder.png"]);

        ScriptRun run = (await RunAsync($"Invoke-QwenImageEdit a.png 'Make it red' {arguments}")).WithoutErrors();

        Assert.Equal([Folder[file]], run.Values("Destination"));
        Assert.Equal(((string[])["a.png", file]).Order(StringComparer.Ordinal), Folder.Files);
    }

    [Fact]
    public async Task Writes_the_image_that_the_service_made_and_reports_its_length()
    {
        Folder.Image("a.png");

        ScriptRun run = (await RunAsync("Invoke-QwenImageEdit a.png 'Make it red'")).WithoutErrors();

        Assert.Equal(MadeImages.Png, File.ReadAllBytes(Folder["a-edited.png"]));
        Assert.Equal([(long?)MadeImages.Png.Length], run.Values("Length").Cast<long?>());
    }

    [Theory]
    [InlineData("", "a-edited.png")]
    [InlineData("-DestinationPath out", "out/a.png")]
    [InlineData("-DestinationPath red.png", "red.png")]
    public async Task Leaves_a_file_that_is_there_unless_forced(string arguments, string file)
    {
        Folder.Image("a.png");
        Folder.File(file, "mine"u8.ToArray());

        ScriptRun refused = await RunAsync($"Invoke-QwenImageEdit a.png 'Make it red' {arguments}");

        string message = refused.SingleError(EditError.DestinationExists).ToString();
        Assert.Contains(Folder[file], message, StringComparison.Ordinal);
        Assert.Contains("-Force", message, StringComparison.Ordinal);
        Assert.Equal("mine"u8.ToArray(), File.ReadAllBytes(Folder[file]));
        AssertNothingWasSent();

        (await RunAsync($"Invoke-QwenImageEdit a.png 'Make it red' {arguments} -Force")).WithoutErrors();
        Assert.Equal(MadeImages.Png, File.ReadAllBytes(Folder[file]));
    }

    [Fact]
    public async Task Force_may_replace_the_image_itself()
    {
        string path = Folder.Image("a.png");

        ScriptRun run = (await RunAsync("Invoke-QwenImageEdit a.png 'Make it red' -DestinationPath a.png -Force")).WithoutErrors();

        Assert.Equal([path], run.Values("Destination"));
        Assert.Equal(["a.png"], Folder.Files);
    }

    [Theory]
    [InlineData("red.jpg", "Png", "-ImageFormat Jpeg")]
    [InlineData("red.png", "Webp", "-ImageFormat Png")]
    [InlineData("red.webp", "Jpeg", "-ImageFormat Webp")]
    public async Task Refuses_an_extension_of_another_format_and_names_the_parameter(string file, string format, string advice)
    {
        Folder.Image("a.png");

        ScriptRun run = await RunAsync($"Invoke-QwenImageEdit a.png 'Make it red' -DestinationPath {file} -ImageFormat {format}");

        Assert.Contains(advice, run.SingleError(EditError.DestinationFormatMismatch).ToString(), StringComparison.Ordinal);
        AssertNothingWasSent();
    }

    [Theory]
    [InlineData("Env:out", EditError.NotAFile)]
    [InlineData("nosuchdrive:out", EditError.DestinationUnwritable)]
    public async Task Refuses_a_place_that_is_not_in_the_file_system(string place, EditError error)
    {
        Folder.Image("a.png");

        ScriptRun run = await RunAsync($"Invoke-QwenImageEdit a.png 'Make it red' -DestinationPath {place}");

        run.SingleError(error);
        AssertNothingWasSent();
    }

    [Fact]
    public async Task Passes_over_the_results_of_an_earlier_call_in_the_same_folder()
    {
        Folder.Images("a.png", "a-edited.png", "b-edited.png");

        ScriptRun run = await RunAsync("Get-ChildItem | Invoke-QwenImageEdit -Prompt 'Make it red' -ImageFormat Webp");

        // The image of b-edited.png is not there, so that it is an image as any other.
        Assert.Equal(Folder["a-edited.png"], run.SingleError(EditError.SourceIsResult).TargetObject);
        Assert.Equal([Folder["a-edited.webp"], Folder["b-edited-edited.webp"]], run.Values("Destination").Order());
    }

    [Fact]
    public async Task Edits_a_result_again_where_a_destination_is_named()
    {
        Folder.Images("a.png", "a-edited.png");

        ScriptRun run = (await RunAsync("Invoke-QwenImageEdit a-edited.png 'Make it red' -DestinationPath out")).WithoutErrors();

        Assert.Equal([Folder["out/a-edited.png"]], run.Values("Destination"));
    }

    [Fact]
    public async Task A_result_can_be_piped_on_as_a_file()
    {
        Folder.Image("a.png");

        ScriptRun run = (await RunAsync("Invoke-QwenImageEdit a.png 'Make it red' | Get-ChildItem")).WithoutErrors();

        Assert.Equal(Folder["a-edited.png"], Assert.IsType<FileInfo>(Assert.Single(run.Output).BaseObject).FullName);
    }
}
