using QwenEdit.Emulator;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary><c>-WhatIf</c> and <c>-Confirm</c>.</summary>
public sealed class WhatIfTests : CommandTest
{
    protected override IReadOnlyList<string> Images { get; } = ["a.png", "b.png"];

    [Theory]
    [InlineData("Invoke-QwenImageEdit *.png 'Make it red' -WhatIf")]
    [InlineData("Submit-QwenImageEdit *.png 'Make it red' -WhatIf")]
    [InlineData("Get-ChildItem | Invoke-QwenImageEdit -Prompt 'Make it red' -WhatIf")]
    [InlineData("$WhatIfPreference = $true; Get-ChildItem | Invoke-QwenImageEdit -Prompt 'Make it red'")]
    public async Task WhatIf_says_what_would_be_done_and_sends_nothing(string script)
    {
        ScriptRun run = (await RunAsync(script)).WithoutErrors();

        Assert.Empty(run.Output);
        foreach (string name in (string[])["a", "b"])
        {
            Assert.Contains(Folder[$"{name}.png"], run.Screen, StringComparison.Ordinal);
            Assert.Contains($"Edit with qwen-image-edit-fast into {Folder[$"{name}-edited.png"]}", run.Screen, StringComparison.Ordinal);
        }

        Assert.Equal(["a.png", "b.png"], Folder.Files);
        AssertNothingWasSent();
    }

    [Fact]
    public async Task WhatIf_needs_no_key()
    {
        ScriptRun run = (await RunAsync("""
            $PSDefaultParameterValues.Clear()
            Invoke-QwenImageEdit *.png 'Make it red' -WhatIf
            Submit-QwenImageEdit *.png 'Make it red' -WhatIf
            Receive-QwenEditResult some-id -WhatIf
            """)).WithoutErrors();

        Assert.Contains("What if:", run.Screen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIf_finds_the_problems_too()
    {
        Folder.Text("c.png", "no image");

        ScriptRun run = await RunAsync("'b.png', 'c.png', 'd.png' | Invoke-QwenImageEdit -Prompt 'Make it red' -WhatIf");

        Assert.Equal(["ImageNotFound", "NotAnImage"], run.ErrorNames().Order());
        Assert.Contains("b.png", run.Screen, StringComparison.Ordinal);
        AssertNothingWasSent();
    }

    [Fact]
    public async Task WhatIf_of_Receive_names_the_request_and_the_file()
    {
        ScriptRun run = (await RunAsync("Submit-QwenImageEdit a.png 'Make it red' | Receive-QwenEditResult -WhatIf")).WithoutErrors();

        Assert.Contains($"Receive into {Folder["a-edited.png"]}", run.Screen, StringComparison.Ordinal);
        Assert.Contains(Emulator.Ledger.Jobs[0].RequestId, run.Screen, StringComparison.Ordinal);
        Assert.All(Emulator.Ledger.Requests, request => Assert.Equal(ApiRoute.Submit, request.Route));
    }

    [Theory]
    [InlineData("No", 2, 0)]
    [InlineData("No to All", 1, 0)]
    [InlineData("Yes", 2, 2)]
    [InlineData("Yes to All", 1, 2)]
    public async Task Confirm_asks_for_each_image_until_told_otherwise(string answer, int questions, int edits)
    {
        Host.AnswerWith = answer;

        ScriptRun run = (await RunAsync("Get-ChildItem | Invoke-QwenImageEdit -Prompt 'Make it red' -Confirm")).WithoutErrors();

        Assert.Equal(questions, Host.Questions.Count);
        Assert.Contains(Folder["a.png"], Host.Questions[0], StringComparison.Ordinal);
        Assert.Equal(edits, run.Output.Count);
        Assert.Equal(edits, Emulator.Ledger.Jobs.Count);
    }

    [Fact]
    public async Task Nothing_is_asked_without_Confirm()
    {
        (await RunAsync("Submit-QwenImageEdit *.png 'Make it red' | Receive-QwenEditResult -Wait")).WithoutErrors();

        Assert.Empty(Host.Questions);
    }
}
