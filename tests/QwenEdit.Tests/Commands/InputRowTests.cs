using QwenEdit.Emulator;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>Rows of <c>Import-Csv</c>, whose cells are texts, and other objects with properties.</summary>
public sealed class InputRowTests : CommandTest
{
    private static readonly string[] Columns = ["Path", "Prompt", "Steps", "Seed", "Quality", "ImageFormat", "Guidance"];

    [Fact]
    public async Task Takes_every_parameter_from_a_row_of_its_own()
    {
        Folder.Images("a.png", "b.png");
        Folder.Text("edits.csv", """
            Path,Prompt,Steps,Guidance,Seed,ImageFormat,Quality,Model,DestinationPath
            a.png,"Change ""1000$"" to ""5$"", in red",12,4.5,42,webp,80,qwen-image-edit-fast,out/red.webp
            b.png,换成蓝色,20,25,999999999999999,Jpeg,100,qwen-image-edit-fast,out/
            """);

        ScriptRun run = (await RunAsync("Import-Csv edits.csv | Invoke-QwenImageEdit")).WithoutErrors();

        Assert.Equal(
            [("Change \"1000$\" to \"5$\", in red", 12, 4.5, 42L, "webp", 80), ("换成蓝色", 20, 25.0, 999999999999999L, "jpeg", 100)],
            Emulator.Ledger.Jobs.Select(Sent).OrderBy(sent => sent.Steps));
        Assert.Equal([Folder["out/b.jpeg"], Folder["out/red.webp"]], run.Values("Destination").Order());
    }

    [Fact]
    public async Task An_empty_cell_means_the_default()
    {
        Folder.Image("a.png");
        Folder.Text("edits.csv", """
            Path,Prompt,Steps,Guidance,Seed,ImageFormat,Quality,Model,DestinationPath
            a.png,Make it red,,,,,,,
            """);

        ScriptRun run = (await RunAsync("Import-Csv edits.csv | Invoke-QwenImageEdit")).WithoutErrors();

        Assert.Equal([("Make it red", 8, 1.0, 760941192L, "png", 90)], Emulator.Ledger.Jobs.Select(Sent));
        Assert.Equal([Folder["a-edited.png"]], run.Values("Destination"));
    }

    [Fact]
    public async Task A_value_of_one_row_does_not_reach_the_next()
    {
        Folder.Images("a.png", "b.png");
        Folder.Text("edits.csv", """
            Path,Prompt,Steps,Seed,DestinationPath
            a.png,Make it red,12,42,out/red.png
            b.png,Make it blue,,,
            """);

        ScriptRun run = (await RunAsync("Import-Csv edits.csv | Invoke-QwenImageEdit -ThrottleLimit 1")).WithoutErrors();

        Assert.Equal(
            [("Make it red", 12, 42L), ("Make it blue", 8, 760941192L)],
            Emulator.Ledger.Jobs.Select(job => (job.Prompt, job.Steps, job.Seed)));
        Assert.Equal([Folder["out/red.png"], Folder["b-edited.png"]], run.Values("Destination"));
    }

    [Fact]
    public async Task A_parameter_of_the_command_holds_for_all_rows()
    {
        Folder.Images("a.png", "b.png");
        Folder.Text("edits.csv", "Path,Prompt\na.png,Make it red\nb.png,Make it blue\n");

        (await RunAsync("Import-Csv edits.csv | Invoke-QwenImageEdit -Seed 7 -DestinationPath out -Prompt 'Make it green'")).WithoutErrors();

        Assert.Equal([("Make it green", 7L), ("Make it green", 7L)], Emulator.Ledger.Jobs.Select(job => (job.Prompt, job.Seed)));
        Assert.Equal(["a.png", "b.png", "edits.csv", "out/a.png", "out/b.png"], Folder.Files);
    }

    [Fact]
    public async Task A_column_Path_may_mix_files_and_addresses()
    {
        string file = Folder.Image("a.png");
        Folder.Text("edits.csv", $"Path,Prompt\na.png,Make it red\nhttps://images.example/b.png,Make it blue\n");

        ScriptRun run = (await RunAsync("Import-Csv edits.csv | Invoke-QwenImageEdit")).WithoutErrors();

        Assert.Equal([file, $"https://images.example/b.png"], run.Values("Source").Order());
    }

    [Fact]
    public async Task A_column_Uri_holds_addresses()
    {
        Folder.Text("edits.csv", $"Uri,Prompt,Seed\nhttps://images.example/a.png,Make it red,1\nhttps://images.example/b.png,Make it blue,2\n");

        ScriptRun run = (await RunAsync("Import-Csv edits.csv | Invoke-QwenImageEdit -DestinationPath out")).WithoutErrors();

        Assert.Equal([(1L, "Make it red"), (2L, "Make it blue")], Emulator.Ledger.Jobs.Select(job => (job.Seed, job.Prompt)).Order());
        Assert.Equal(["edits.csv", "out/a.png", "out/b.png"], Folder.Files);
    }

    [Fact]
    public async Task A_file_that_carries_its_own_prompt_is_taken_as_it_stands()
    {
        Folder.Image("poster [final].png");

        ScriptRun run = (await RunAsync("""
            Get-ChildItem | ForEach-Object { $_.psobject.Properties.Add([psnoteproperty]::new('Prompt', 'Make it red')); $_ } |
                Invoke-QwenImageEdit
            """)).WithoutErrors();

        Assert.Equal([Folder["poster [final].png"]], run.Values("Source"));
    }

    [Theory]
    [InlineData("Steps", "0")]
    [InlineData("Steps", "many")]
    [InlineData("Seed", "-2")]
    [InlineData("Quality", "101")]
    [InlineData("ImageFormat", "Gif")]
    [InlineData("Guidance", "0.5")]
    [InlineData("Prompt", "")]
    [InlineData("Path", "missing.png")]
    [InlineData("Path", "")]
    public async Task A_bad_cell_is_one_error_and_the_other_rows_go_on(string column, string value)
    {
        Folder.Images("a.png", "b.png", "c.png");
        string Row(string path, bool bad) => string.Join(',', Columns.Select(name =>
            bad && name == column ? value : name switch { "Path" => path, "Prompt" => "Make it red", _ => "" }));
        Folder.Text("edits.csv", string.Join('\n', string.Join(',', Columns), Row("a.png", false), Row("b.png", true), Row("c.png", false)));

        ScriptRun run = await RunAsync("Import-Csv edits.csv | Invoke-QwenImageEdit");

        Assert.Null(run.TerminatingError);
        Assert.Single(run.Errors);
        Assert.Equal([Folder["a.png"], Folder["c.png"]], run.Values("Source").Order());
    }

    [Fact]
    public async Task Numbers_are_read_the_same_in_every_country()
    {
        Folder.Image("a.png");
        Folder.Text("edits.csv", "Path,Prompt,Guidance\na.png,Make it red,4.5\n");

        (await RunAsync("""
            [System.Threading.Thread]::CurrentThread.CurrentCulture = 'de-DE'
            Import-Csv edits.csv | Invoke-QwenImageEdit
            """)).WithoutErrors();

        Assert.Equal([4.5], Emulator.Ledger.Jobs.Select(job => job.Guidance));
    }

    [Fact]
    public async Task Results_can_be_piped_into_the_next_edit()
    {
        Folder.Image("a.png");

        (await RunAsync("""
            Invoke-QwenImageEdit a.png 'Make it red' | Invoke-QwenImageEdit -Prompt 'Make it blue' -DestinationPath blue.png
            """)).WithoutErrors();

        Assert.Equal(["Make it red", "Make it blue"], Emulator.Ledger.Jobs.Select(job => job.Prompt));
        Assert.Equal(["a-edited.png", "a.png", "blue.png"], Folder.Files);
    }

    private static (string Prompt, int Steps, double Guidance, long Seed, string Format, int Quality) Sent(LedgerJob job) =>
        (job.Prompt, job.Steps, job.Guidance, job.Seed, job.ImageFormat, job.Quality);
}
