using System.Management.Automation;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

public sealed class InputRefusalTests : CommandTest
{
    [Theory]
    [InlineData("missing.png", EditError.ImageNotFound)]
    [InlineData("*.jpg", EditError.ImageNotFound)]
    [InlineData("nowhere/a.png", EditError.ImageNotFound)]
    [InlineData("nosuchdrive:a.png", EditError.ImageNotFound)]
    [InlineData("sub", EditError.NotAFile)]
    [InlineData("Env:PATH", EditError.NotAFile)]
    [InlineData("Variable:HOME", EditError.NotAFile)]
    [InlineData("text.png", EditError.NotAnImage)]
    [InlineData("empty.png", EditError.NotAnImage)]
    [InlineData("http://", EditError.InvalidUri)]
    public async Task Refuses_what_is_no_image_by_its_name_and_goes_on(string bad, EditError error)
    {
        Arrange();
        Host.Set("bad", bad);

        ScriptRun run = await RunAsync("'a.png', $bad, 'b.png' | Invoke-QwenImageEdit -Prompt 'Make it red'");

        ErrorRecord record = run.SingleError(error);
        Assert.EndsWith(bad, (string)record.TargetObject, StringComparison.Ordinal);
        Assert.Contains(bad, record.ToString(), StringComparison.Ordinal);
        Assert.Equal([Folder["a.png"], Folder["b.png"]], run.Values("Source").Order());
        Assert.Equal(2, Emulator.Ledger.Jobs.Count);
    }

    [Theory]
    [InlineData("-LiteralPath missing.png", EditError.ImageNotFound)]
    [InlineData("-LiteralPath *.png", EditError.ImageNotFound)]
    [InlineData("-LiteralPath sub", EditError.NotAFile)]
    [InlineData("-LiteralPath Env:PATH", EditError.NotAFile)]
    [InlineData("-LiteralPath nosuchdrive:a.png", EditError.ImageNotFound)]
    [InlineData("-Uri a.png", EditError.InvalidUri)]
    [InlineData("-Uri ftp://example.com/a.png", EditError.InvalidUri)]
    [InlineData("-Uri file:///a.png", EditError.InvalidUri)]
    public async Task Refuses_what_the_other_parameters_can_not_take(string arguments, EditError error)
    {
        Arrange();

        ScriptRun run = await RunAsync($"Invoke-QwenImageEdit {arguments} -Prompt 'Make it red'");

        run.SingleError(error);
        Assert.Empty(run.Output);
        AssertNothingWasSent();
    }

    [Fact]
    public async Task Passes_over_a_folder_among_the_files_with_one_error()
    {
        Arrange();

        ScriptRun run = await RunAsync("Get-ChildItem | Where-Object Name -NotLike '*.png' | Invoke-QwenImageEdit -Prompt 'Make it red'");

        Assert.Equal(Folder["sub"], run.SingleError(EditError.NotAFile).TargetObject);
        AssertNothingWasSent();
    }

    [Fact]
    public async Task Names_every_bad_file_once()
    {
        Arrange();

        ScriptRun run = await RunAsync("Invoke-QwenImageEdit *.png 'Make it red'");

        Assert.Equal([Folder["empty.png"], Folder["text.png"]], run.Errors.Select(record => record.TargetObject).Order());
        Assert.Equal([Folder["a.png"], Folder["b.png"]], run.Values("Source").Order());
    }

    [Fact]
    public async Task ErrorAction_Stop_ends_at_the_first_bad_image()
    {
        Arrange();

        ScriptRun run = await RunAsync("'missing.png', 'a.png' | Invoke-QwenImageEdit -Prompt 'Make it red' -ErrorAction Stop");

        run.EndingError(EditError.ImageNotFound);
        AssertNothingWasSent();
    }

    [Fact]
    public async Task ErrorAction_SilentlyContinue_and_ErrorVariable_keep_the_errors_for_later()
    {
        Arrange();

        ScriptRun run = (await RunAsync("""
            $null = Invoke-QwenImageEdit *.png 'Make it red' -ErrorAction SilentlyContinue -ErrorVariable bad
            $bad | ForEach-Object TargetObject
            """)).WithoutErrors();

        Assert.Equal([Folder["empty.png"], Folder["text.png"]], run.Output.Select(target => (string)target.BaseObject).Order());
    }

    private void Arrange()
    {
        Folder.Images("a.png", "b.png");
        Folder.Text("text.png", "This is no image.");
        Folder.Text("empty.png", "");
        Directory.CreateDirectory(Folder["sub"]);
    }
}
