using System.Management.Automation;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Hosting;

/// <summary>The host itself, and that its few commands behave as the real ones where the module's tests rely on it.</summary>
public sealed class PowerShellHostTests : IDisposable
{
    private readonly PowerShellHost _host = PowerShellHost.OpenBare();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _host.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_run_tells_errors_that_end_the_script_from_those_that_do_not()
    {
        ScriptRun run = _host.Run("1; Get-ChildItem nowhere; 2; throw 'enough'; 3");

        Assert.Equal([1, 2], run.Output.Select(item => item.BaseObject));
        Assert.StartsWith("PathNotFound,", Assert.Single(run.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("enough", run.TerminatingError?.FullyQualifiedErrorId);
    }

    [Fact]
    public async Task A_stopped_script_keeps_what_it_had_written()
    {
        using RunningScript script = _host.Start("1; 2; while ($true) { }");
        Assert.Equal(2, (await script.WhenOutputAsync(2)).Count);

        ScriptRun run = await script.StopAsync();

        Assert.True(run.Stopped);
        Assert.Equal(2, run.Output.Count);
        Assert.Null(run.TerminatingError);
    }

    [Fact]
    public async Task Waiting_for_output_ends_with_the_script()
    {
        using RunningScript script = _host.Start("1");

        Assert.Single(await script.WhenOutputAsync(2));
    }

    [Fact]
    public void First_stops_the_commands_before_it()
    {
        ScriptRun run = _host.Run("1..100 | ForEach-Object { $script:seen++; $_ } | Select-Object -First 2; $seen").WithoutErrors();

        Assert.Equal([1, 2, 2], run.Output.Select(item => item.BaseObject));
    }

    [Fact]
    public void Files_carry_the_path_that_binds_to_LiteralPath()
    {
        File.WriteAllText(_folder["a [1].png"], "");
        File.WriteAllText(_folder["b.txt"], "");
        Directory.CreateDirectory(_folder["c.png"]);

        ScriptRun run = _host.Set("folder", _folder.Path).Run("Get-ChildItem $folder -Filter *.png -File").WithoutErrors();

        PSObject file = Assert.Single(run.Output);
        Assert.IsType<FileInfo>(file.BaseObject);
        Assert.EndsWith($"FileSystem::{_folder["a [1].png"]}", (string)file.Properties["PSPath"].Value, StringComparison.Ordinal);
        Assert.Single(_host.Run("Get-ChildItem -LiteralPath \"$folder/a [1].png\"").WithoutErrors().Output);
        Assert.Single(_host.Run("Get-ChildItem $folder/*.txt").WithoutErrors().Output);
    }

    [Fact]
    public void Csv_rows_may_quote_commas_quotes_and_line_breaks()
    {
        File.WriteAllText(_folder["a.csv"], "Path,Prompt\r\na.png,\"one, \"\"two\"\"\r\nthree\"\r\n张.png,\r\n");

        ScriptRun run = _host.Set("csv", _folder["a.csv"]).Run("Import-Csv $csv").WithoutErrors();

        Assert.Equal(["a.png", "张.png"], run.Values("Path"));
        Assert.Equal(["one, \"two\"\r\nthree", ""], run.Values("Prompt"));
    }

    [Fact]
    public void What_the_host_shows_is_plain_text()
    {
        ScriptRun run = _host.Run("Write-Host shown -ForegroundColor Red; 1").WithoutErrors();

        Assert.Equal($"shown{Environment.NewLine}", run.Screen);
        Assert.Equal("shown", Assert.Single(run.Information).ToString());
    }

    [Theory]
    [InlineData(60)]
    [InlineData(120)]
    public void A_table_fits_the_width(int width)
    {
        string table = _host.Render(_host.Run("Get-Command -CommandType Cmdlet").WithoutErrors().Output, width);

        Assert.Contains("CommandType", table, StringComparison.Ordinal);
        Assert.Contains("Select-Object", table, StringComparison.Ordinal);
        Assert.All(table.Split(Environment.NewLine), line => Assert.InRange(line.Length, 0, width));
        Assert.DoesNotContain('\u001b', table);
    }

    [Theory]
    [InlineData("Yes", 2)]
    [InlineData("No", 0)]
    public void Questions_are_answered_as_told(string answer, int asked)
    {
        _host.AnswerWith = answer;
        ScriptRun run = _host.Run("""
            function Edit-File {
                [CmdletBinding(SupportsShouldProcess)] param()
                if ($PSCmdlet.ShouldProcess('a.png')) { 'edited' }
            }
            Edit-File -Confirm; Edit-File -Confirm
            """).WithoutErrors();

        Assert.Equal(asked, run.Output.Count);
        Assert.Equal(2, _host.Questions.Count);
        Assert.Contains("a.png", _host.Questions[0], StringComparison.Ordinal);
    }
}
