using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>Where the key comes from. One of the places is the environment, which the whole process has in common.</summary>
[Collection(nameof(Alone))]
public sealed class ApiKeyTests : CommandTest
{
    private const string Wrong = "SG_fedcba9876543210";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Folder.Image("a.png");
        (await RunAsync("""
            $PSDefaultParameterValues.Remove('*-Qwen*:ApiKey')
            function global:Get-Secret {
                [CmdletBinding()] param([string] $Name)
                switch ($Name) {
                    text { $key }
                    secure { [System.Net.NetworkCredential]::new('', $key).SecurePassword }
                    credential { [pscredential]::new('me', [System.Net.NetworkCredential]::new('', $key).SecurePassword) }
                    wrong { 'SG_fedcba9876543210' }
                    table { @{ key = $key } }
                    nothing { }
                    default { throw "The secret $Name was not found." }
                }
            }
            """)).WithoutErrors();
    }

    [Theory]
    [InlineData("-ApiKey $key")]
    [InlineData("-ApiKey \" $key`n\"")]
    [InlineData("-ApiKey ([System.Net.NetworkCredential]::new('', $key).SecurePassword)")]
    [InlineData("-ApiKeySecret text")]
    [InlineData("-ApiKeySecret secure")]
    [InlineData("-ApiKeySecret credential")]
    [InlineData("-ApiKeySecret wrong -ApiKey $key")]
    public async Task A_key_is_taken_from(string arguments)
    {
        using EnvironmentKey _ = new(Wrong);

        (await RunAsync($"Invoke-QwenImageEdit a.png 'Make it red' {arguments}")).WithoutErrors();
    }

    [Fact]
    public async Task Without_a_parameter_the_environment_has_the_key()
    {
        using EnvironmentKey _ = new(Emulator.ApiKey);

        (await RunAsync("Invoke-QwenImageEdit a.png 'Make it red'")).WithoutErrors();
    }

    [Theory]
    [InlineData("", "SEGMIND_API_KEY")]
    [InlineData("-ApiKey ''", "-ApiKey")]
    [InlineData("-ApiKeySecret nothing", "-ApiKeySecret")]
    [InlineData("-ApiKeySecret table", "-ApiKeySecret")]
    [InlineData("-ApiKeySecret other", "The secret other was not found.")]
    public async Task Without_a_key_the_call_ends_and_says_where_to_put_one(string arguments, string says)
    {
        ScriptRun run = await RunAsync($"Invoke-QwenImageEdit a.png 'Make it red' {arguments}");

        Assert.Contains(says, run.EndingError(EditError.ApiKeyMissing).ToString(), StringComparison.Ordinal);
        AssertNothingWasSent();
    }

    [Theory]
    [InlineData("SG_0123 4567")]
    [InlineData("SG_0123\n4567")]
    [InlineData("SG_ключ")]
    public async Task A_key_that_can_not_be_sent_ends_the_call(string key)
    {
        Host.Set("bad", key);

        (await RunAsync("Invoke-QwenImageEdit a.png 'Make it red' -ApiKey $bad")).EndingError(EditError.ApiKeyRejected);

        AssertNothingWasSent();
    }

    [Fact]
    public async Task A_secret_without_the_module_for_secrets_says_what_to_install()
    {
        using PowerShellHost other = OpenSession();
        ScriptRun run = await other.RunAsync("$PSDefaultParameterValues.Remove('*-Qwen*:ApiKey'); Get-QwenEditStatus some-id -ApiKeySecret text");

        Assert.Contains("Microsoft.PowerShell.SecretManagement", Assert.Single(run.Errors).ToString(), StringComparison.Ordinal);
        Assert.Equal(Errors.Id(EditError.ApiKeyMissing, "GetQwenEditStatus"), run.Errors[0].FullyQualifiedErrorId);
    }

    [Fact]
    public async Task A_secret_is_read_once_a_call()
    {
        Folder.Images("b.png", "c.png");

        ScriptRun run = (await RunAsync("""
            $script:reads = 0
            function global:Get-Secret { [CmdletBinding()] param([string] $Name) $script:reads++; $key }
            $null = Get-ChildItem | Invoke-QwenImageEdit -Prompt 'Make it red' -ApiKeySecret text
            $script:reads
            """)).WithoutErrors();

        Assert.Equal(1, Assert.Single(run.Output).BaseObject);
    }

    [Fact]
    public async Task The_environment_has_the_endpoint_where_no_parameter_does()
    {
        Environment.SetEnvironmentVariable("SEGMIND_ENDPOINT", Emulator.Endpoint.AbsoluteUri);
        try
        {
            (await RunAsync("""
                $PSDefaultParameterValues.Remove('*-Qwen*:Endpoint')
                Invoke-QwenImageEdit a.png 'Make it red' -ApiKey $key
                """)).WithoutErrors();
        }
        finally
        {
            Environment.SetEnvironmentVariable("SEGMIND_ENDPOINT", null);
        }
    }

    private sealed class EnvironmentKey : IDisposable
    {
        internal EnvironmentKey(string key) => Environment.SetEnvironmentVariable("SEGMIND_API_KEY", key);

        public void Dispose() => Environment.SetEnvironmentVariable("SEGMIND_API_KEY", null);
    }
}
