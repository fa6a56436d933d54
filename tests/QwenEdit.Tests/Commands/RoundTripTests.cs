using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>Objects that have been through a file, a background job or a remote session, whose texts have as many levels as these write.</summary>
public sealed class RoundTripTests : RunTest
{
    private const int Remote = 1;
    private const int File = 2;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        MakeImages(2);
        Host.Run("""
            function global:Send([int] $Depth) {
                process {
                    $back = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($_, $Depth))
                    # As a remote session marks what comes from it.
                    $back.PSObject.Properties.Add([psnoteproperty]::new('PSComputerName', 'there'))
                    $back
                }
            }
            """).WithoutErrors();
    }

    public static TheoryData<string, int> Outputs
    {
        get
        {
            TheoryData<string, int> outputs = [];
            foreach (int depth in (ReadOnlySpan<int>)[Remote, File])
            {
                outputs.Add("Invoke-QwenImageEdit *.png 'Make it red'", depth);
                outputs.Add("Submit-QwenImageEdit *.png 'Make it red'", depth);
                outputs.Add("Submit-QwenImageEdit *.png 'Make it red' | Get-QwenEditStatus", depth);
                outputs.Add("Submit-QwenImageEdit *.png 'Make it red' | Out-Null; Get-QwenEditRun", depth);
                outputs.Add("Get-QwenEditCredit", depth);
                outputs.Add("Measure-QwenImageEdit *.png, none.png 'Make it red'", depth);
            }

            return outputs;
        }
    }

    [Theory]
    [MemberData(nameof(Outputs))]
    public async Task A_table_is_the_same_afterwards(string script, int depth)
    {
        ScriptRun live = (await RunAsync($"$script:kept = @(& {{ {script} }}); $kept")).WithoutErrors();
        ScriptRun back = (await RunAsync($"$kept | Send {depth}")).WithoutErrors();

        Assert.All(back.Output, item => Assert.StartsWith("Deserialized.QwenEdit.", item.TypeNames[0], StringComparison.Ordinal));
        Assert.Equal(Host.Render(live.Output), Host.Render(back.Output));
    }

    [Theory]
    [InlineData(Remote)]
    [InlineData(File)]
    public async Task A_status_is_its_name_and_a_time_can_be_read(int depth)
    {
        ScriptRun run = (await RunAsync($$"""
            $job = Submit-QwenImageEdit 01.png 'Make it red'
            $back = $job | Send {{depth}}
            $back.Status -eq 'Queued'
            $back.ImageFormat -eq 'Png'
            ([DateTimeOffset] $back.ExpiresAt).ToUnixTimeSeconds() -eq $job.ExpiresAt.ToUnixTimeSeconds()
            $back.ExpiresAt -as [datetime] -gt [datetime]::Now
            (Measure-QwenImageEdit none.png x | Send {{depth}}).Problems[0] -like '*none.png*'
            """)).WithoutErrors();

        Assert.All(run.Output, item => Assert.Equal(true, item.BaseObject));
        Assert.Equal(5, run.Output.Count);
    }

    [Theory]
    [InlineData(Remote)]
    [InlineData(File)]
    public async Task A_job_is_whole_to_those_that_take_jobs(int depth)
    {
        ScriptRun run = (await RunAsync($$"""
            $jobs = @(Submit-QwenImageEdit *.png 'Make it red' -DestinationPath red | Send {{depth}})
            $PSDefaultParameterValues['*-Qwen*:JournalPath'] = './elsewhere.db'
            $jobs | Get-QwenEditStatus -Wait
            Get-QwenEditStatus -Job $jobs
            $jobs | Receive-QwenEditResult -Wait
            """)).WithoutErrors();

        Assert.Equal(
            [.. Enumerable.Repeat("Completed", 4), "Received", "Received"], run.Values("Status").Select(status => status!.ToString()));
        Assert.All(run.Values("Source").Chunk(2), pair => Assert.Equal([Folder["01.png"], Folder["02.png"]], pair.Order()));
        Assert.All(run.Values("SubmittedAt"), time => Assert.IsType<DateTimeOffset>(time));
        Assert.Contains("red/01.png", Folder.Files);
    }
}
