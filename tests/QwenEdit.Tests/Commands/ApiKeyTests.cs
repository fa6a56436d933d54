using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>Where the key comes from. One of the places is the environment, which the whole process has in common.</summary>
[Collection(nameof(Alone))]
public sealed class ApiKeyTests : CommandTest
{
    private const string Wrong = "SG_fedcba9876543210";

    protected override IReadOnlyList<string> Images { get; } = ["a.png"];

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
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
                    locked { $PSCmdlet.WriteError([System.Management.Automation.ErrorRecord]::new([exception]::new('The vault is locked.'), 'Locked', 'SecurityError', $Name)) }
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
    [InlineData("-ApiKeySecret other", "The secret other can't be read: The secret other was not found.")]
    [InlineData("-ApiKeySecret locked", "The secret locked can't be read: The vault is locked.")]
    public async Task Without_a_key_the_call_ends_and_says_where_to_put_one(string arguments, string says)
    {
        ScriptRun run = await RunAsync($"Invoke-QwenImageEdit a.png 'Make it red' {arguments}");

        Assert.Contains(says, run.EndingError(EditError.ApiKeyMissing).ToString(), StringComparison.Ordinal);
        AssertNothingWasSent();
    }

    [Theory]
    [InlineData("SG_0123 4567", "in the middle")]
    [InlineData("SG_0123\n4567", "in the middle")]
    [InlineData("SG_0123456789abcdef\nSG_fedcba9876543210", "in the middle")]
    [InlineData("SG_ключ_01234567", "no key has")]
    [InlineData("\"SG_0123456789abcdef\"", "quotes")]
    [InlineData("'SG_0123456789abcdef'\r\n", "quotes")]
    [InlineData("“SG_0123456789abcdef”", "quotes")]
    [InlineData("Bearer SG_0123456789abcdef", "'Bearer'")]
    [InlineData("x-api-key: SG_0123456789abcdef", "begins with a name")]
    [InlineData("SEGMIND_API_KEY=SG_0123456789abcdef", "begins with a name")]
    [InlineData("$env:SEGMIND_API_KEY", "placeholder")]
    [InlineData("%SEGMIND_API_KEY%", "placeholder")]
    [InlineData("<your key>", "placeholder")]
    [InlineData("System.Security.SecureString", "SecureString itself")]
    [InlineData("SG_", "too short")]
    public async Task What_is_no_key_ends_the_call_before_anything_is_sent_and_says_why(string key, string says)
    {
        Host.Set("bad", key);

        string error = (await RunAsync("Invoke-QwenImageEdit a.png 'Make it red' -ApiKey $bad")).EndingError(EditError.ApiKeyRejected).ToString();

        Assert.Contains(says, error, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789abcdef", error, StringComparison.Ordinal);
        AssertNothingWasSent();
    }

    [Theory]
    [InlineData("SG_0123456789abcdef0123456789abcdef")]
    [InlineData("sk-live-0123456789")]
    [InlineData("0123456789abcdef")]
    public async Task A_key_of_another_shape_is_warned_about_and_tried(string key)
    {
        Host.Set("odd", key);

        ScriptRun run = await RunAsync("Invoke-QwenImageEdit a.png 'Make it red' -ApiKey $odd");

        Assert.Contains("does not look like", Assert.Single(run.Warnings), StringComparison.Ordinal);
        run.SingleError(EditError.ApiKeyRejected);
        Assert.Equal(401, Assert.Single(Emulator.Ledger.Requests).Status);
    }

    [Theory]
    [InlineData(" $key`r`n")]
    [InlineData("`t$key")]
    public async Task A_line_break_around_the_key_as_files_have_it_does_not_matter(string text) =>
        Assert.Empty((await RunAsync($"Invoke-QwenImageEdit a.png 'Make it red' -ApiKey \"{text}\"")).WithoutErrors().Warnings);

    [Fact]
    public async Task The_parameter_goes_before_the_secret_and_the_secret_before_the_environment()
    {
        Folder.Images("b.png", "c.png");
        using EnvironmentKey _ = new(Wrong);

        (await RunAsync("""
            $null = Invoke-QwenImageEdit a.png Red -ApiKey $key -ApiKeySecret wrong
            $null = Invoke-QwenImageEdit b.png Red -ApiKeySecret text
            """)).WithoutErrors();
        (await RunAsync("Invoke-QwenImageEdit c.png Red")).SingleError(EditError.ApiKeyRejected);
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
