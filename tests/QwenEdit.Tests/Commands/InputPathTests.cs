using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

public sealed class InputPathTests : CommandTest
{
    [Theory]
    [InlineData("Get-ChildItem | Invoke-QwenImageEdit -Prompt 'Make it red'")]
    [InlineData("Get-ChildItem $folder | Invoke-QwenImageEdit -Prompt 'Make it red'")]
    [InlineData("'a.png', 'b.png' | Invoke-QwenImageEdit -Prompt 'Make it red'")]
    [InlineData("\"$folder/a.png\", \"$folder/b.png\" | Invoke-QwenImageEdit -Prompt 'Make it red'")]
    [InlineData("Invoke-QwenImageEdit a.png, b.png 'Make it red'")]
    [InlineData("Invoke-QwenImageEdit -Path *.png -Prompt 'Make it red'")]
    [InlineData("Invoke-QwenImageEdit ./[ab].png 'Make it red'")]
    [InlineData("Invoke-QwenImageEdit \"$folder/?.png\" 'Make it red'")]
    [InlineData("Invoke-QwenImageEdit -LiteralPath a.png, b.png -Prompt 'Make it red'")]
    [InlineData("Invoke-QwenImageEdit -PSPath a.png, b.png -Prompt 'Make it red'")]
    [InlineData("Invoke-QwenImageEdit \"Microsoft.PowerShell.Core\\FileSystem::$folder/*.png\" 'Make it red'")]
    [InlineData("Get-ChildItem | ForEach-Object FullName | Invoke-QwenImageEdit -Prompt 'Make it red'")]
    [InlineData("Get-ChildItem | Select-Object PSPath | Invoke-QwenImageEdit -Prompt 'Make it red'")]
    [InlineData("foreach ($name in 'a', 'b') { Invoke-QwenImageEdit \"$name.png\" 'Make it red' }")]
    public async Task Edits_each_image_that_is_named(string script)
    {
        Folder.Images("a.png", "b.png");

        ScriptRun run = (await RunAsync(script)).WithoutErrors();

        Assert.Equal([Folder["a.png"], Folder["b.png"]], run.Values("Source").Order());
        Assert.Equal(["a-edited.png", "a.png", "b-edited.png", "b.png"], Folder.Files);
        Assert.Equal(["Make it red", "Make it red"], Emulator.Ledger.Jobs.Select(job => job.Prompt));
    }

    public static TheoryData<string> Names =>
        ["my poster.png", "poster [final].png", "海报 一千元.png", "über.png", "it's $5.png", "a`b.png", "# 50%.png"];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Takes_a_file_of_any_name_from_Get_ChildItem(string name)
    {
        Folder.Image(name);

        ScriptRun run = (await RunAsync("Get-ChildItem | Invoke-QwenImageEdit -Prompt 'Make it red'")).WithoutErrors();

        Assert.Equal([Folder[name]], run.Values("Source"));
        Assert.Equal([Folder[name.Replace(".png", "-edited.png", StringComparison.Ordinal)]], run.Values("Destination"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Takes_a_file_of_any_name_by_its_literal_path(string name)
    {
        Host.Set("name", Path.GetFileName(Folder.Image(name)));

        ScriptRun run = (await RunAsync("Invoke-QwenImageEdit -LiteralPath $name 'Make it red'")).WithoutErrors();

        Assert.Equal([Folder[name]], run.Values("Source"));
    }

    [Fact]
    public async Task Reads_brackets_in_Path_as_a_wildcard_and_says_so_where_nothing_matches()
    {
        Folder.Image("poster [final].png");

        ScriptRun run = await RunAsync("Invoke-QwenImageEdit 'poster [final].png' 'Make it red'");

        Assert.Contains("-LiteralPath", run.SingleError(EditError.ImageNotFound).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Takes_escaped_brackets_in_Path()
    {
        Folder.Image("poster [final].png");

        (await RunAsync("Invoke-QwenImageEdit 'poster `[final`].png' 'Make it red'")).WithoutErrors();

        Assert.Contains("poster [final]-edited.png", Folder.Files);
    }

    [Theory]
    [InlineData("Invoke-QwenImageEdit photos:a.png 'Make it red'")]
    [InlineData("Invoke-QwenImageEdit photos:/*.png 'Make it red'")]
    [InlineData("Invoke-QwenImageEdit -LiteralPath photos:a.png 'Make it red'")]
    [InlineData("Get-ChildItem photos: | Invoke-QwenImageEdit -Prompt 'Make it red' -DestinationPath photos:")]
    public async Task Takes_paths_on_a_drive_of_PowerShells(string script)
    {
        Folder.Image("a.png");
        await RunAsync("""
            $files = $ExecutionContext.SessionState.Provider.GetOne('FileSystem')
            $drive = [System.Management.Automation.PSDriveInfo]::new('photos', $files, $folder, '', $null)
            $null = $ExecutionContext.SessionState.Drive.New($drive, 'Global')
            """);

        ScriptRun run = (await RunAsync(script)).WithoutErrors();

        Assert.Equal([Folder["a-edited.png"]], run.Values("Destination"));
    }

    [Fact]
    public async Task Resolves_relative_paths_by_PowerShells_location_and_not_the_process()
    {
        Folder.File("sub/a.png", MadeImages.Png);

        ScriptRun run = (await RunAsync("""
            $null = $ExecutionContext.SessionState.Path.SetLocation('sub')
            Invoke-QwenImageEdit a.png 'Make it red' -DestinationPath ../out
            """)).WithoutErrors();

        Assert.Equal([Folder["out/a.png"]], run.Values("Destination"));
    }
}
