using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>Values that are refused before anything is sent.</summary>
public sealed class ValidationTests : CommandTest
{
    [Theory]
    [InlineData("-Steps 0")]
    [InlineData("-Steps 21")]
    [InlineData("-Guidance 0.9")]
    [InlineData("-Guidance 25.1")]
    [InlineData("-Guidance ([double]::NaN)")]
    [InlineData("-Seed -2")]
    [InlineData("-Seed 1000000000000000")]
    [InlineData("-Quality 9")]
    [InlineData("-Quality 101")]
    [InlineData("-Model 'a/b'")]
    [InlineData("-Model ..")]
    [InlineData("-ThrottleLimit 0")]
    [InlineData("-ThrottleLimit 65")]
    [InlineData("-TimeoutSec 0")]
    [InlineData("-PollIntervalSec 0.01")]
    [InlineData("-RequestTimeoutSec 0")]
    [InlineData("-MaximumRetryCount -1")]
    [InlineData("-Endpoint ''")]
    [InlineData("-ApiKeySecret ''")]
    [InlineData("-AdditionalParameter $null")]
    public async Task Refuses_a_value_out_of_range(string argument)
    {
        Folder.Image("a.png");

        ScriptRun run = await RunAsync($"Invoke-QwenImageEdit a.png 'Make it red' {argument}");

        Assert.Equal(
            "ParameterArgumentValidationError,QwenEdit.Commands.InvokeQwenImageEditCommand", run.TerminatingError?.FullyQualifiedErrorId);
        AssertNothingWasSent();
    }

    [Theory]
    [InlineData("-Steps many")]
    [InlineData("-ImageFormat Gif")]
    [InlineData("-Seed 1e99")]
    [InlineData("-AdditionalParameter 5")]
    public async Task Refuses_a_value_of_another_kind(string argument)
    {
        Folder.Image("a.png");

        ScriptRun run = await RunAsync($"Invoke-QwenImageEdit a.png 'Make it red' {argument}");

        Assert.EndsWith(",QwenEdit.Commands.InvokeQwenImageEditCommand", run.TerminatingError?.FullyQualifiedErrorId, StringComparison.Ordinal);
        AssertNothingWasSent();
    }

    [Theory]
    [InlineData("Invoke-QwenImageEdit a.png ''")]
    [InlineData("Invoke-QwenImageEdit '' 'Make it red'")]
    [InlineData("Invoke-QwenImageEdit -LiteralPath '' 'Make it red'")]
    [InlineData("Invoke-QwenImageEdit a.png 'Make it red' -Uri https://example.com/a.png")]
    [InlineData("Invoke-QwenImageEdit a.png 'Make it red' -LiteralPath a.png")]
    [InlineData("Get-QwenEditStatus ''")]
    [InlineData("Receive-QwenEditResult -Job $null")]
    [InlineData("Get-QwenEditStatus $null")]
    public async Task Refuses_a_call_without_sense(string script)
    {
        Folder.Image("a.png");

        Assert.NotNull((await RunAsync(script)).TerminatingError);
        AssertNothingWasSent();
    }

    [Theory]
    [InlineData("http://example.com")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("api.segmind.com")]
    [InlineData("https://user@api.segmind.com")]
    [InlineData("https://api.segmind.com?key=SG_0123456789abcdef")]
    public async Task Refuses_an_endpoint_that_no_key_may_be_sent_to(string endpoint)
    {
        Folder.Image("a.png");
        Host.Set("other", endpoint);

        (await RunAsync("Invoke-QwenImageEdit a.png 'Make it red' -Endpoint $other")).EndingError(EditError.InvalidEndpoint);
        (await RunAsync("Get-QwenEditStatus some-id -Endpoint $other")).EndingError(EditError.InvalidEndpoint, "GetQwenEditStatus");
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/v1")]
    [InlineData("/v2/")]
    public async Task Takes_an_endpoint_with_or_without_a_version(string suffix)
    {
        Folder.Image("a.png");
        Host.Set("other", Emulator.Endpoint.AbsoluteUri.TrimEnd('/') + suffix);

        (await RunAsync("Invoke-QwenImageEdit a.png 'Make it red' -Endpoint $other")).WithoutErrors();
    }

    [Theory]
    [InlineData("-Steps 1 -Guidance 1 -Seed 0 -Quality 10", 1, 1.0, 0L, 10)]
    [InlineData("-Steps 20 -Guidance 25 -Seed 999999999999999 -Quality 100", 20, 25.0, 999999999999999L, 100)]
    [InlineData("-Steps '12' -Guidance '4.5' -Seed '42' -Quality '80'", 12, 4.5, 42L, 80)]
    public async Task Sends_values_at_the_ends_of_their_ranges(string arguments, int steps, double guidance, long seed, int quality)
    {
        Folder.Image("a.png");

        (await RunAsync($"Invoke-QwenImageEdit a.png 'Make it red' {arguments}")).WithoutErrors();

        Assert.Equal([(steps, guidance, seed, quality)], Emulator.Ledger.Jobs.Select(job => (job.Steps, job.Guidance, job.Seed, job.Quality)));
    }

    [Fact]
    public async Task Sends_further_fields_as_they_are()
    {
        Folder.Image("a.png");

        (await RunAsync("""
            Invoke-QwenImageEdit a.png 'Make it red' -Base64 -AdditionalParameter @{
                strength = 0.5; tags = @('a', 'b'); nested = @{ on = $true }; row = [pscustomobject]@{ none = $null } }
            """)).WithoutErrors();

        Assert.True(Assert.Single(Emulator.Ledger.Jobs).Base64);
        Assert.Equal(MadeImages.Png, File.ReadAllBytes(Folder["a-edited.png"]));
    }
}
