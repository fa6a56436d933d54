using QwenEdit.Emulator;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>The exchanges with the service, as <c>-Debug</c> shows them.</summary>
public sealed class ExchangeLogTests : CommandTest
{
    // In requests and, as images come back as they went in, in answers.
    private static readonly string Image = Convert.ToBase64String(MadeImages.Png);

    [Fact]
    public async Task A_request_and_its_answer_are_shown_with_headers_and_bodies()
    {
        Folder.Image("a.png");

        ScriptRun run = (await RunAsync("Invoke-QwenImageEdit a.png \"Change '1' to '5'\" -Debug")).WithoutErrors();

        string request = run.Debug.First(message => message.StartsWith($"POST {Emulator.Endpoint}v2/qwen-image-edit-fast\n", StringComparison.Ordinal));
        Assert.Contains("\nx-api-key: ***\n", request, StringComparison.Ordinal);
        Assert.Contains("\nUser-Agent: QwenEdit/", request, StringComparison.Ordinal);
        Assert.Contains($"\nContent-Length: {Emulator.Ledger.Requests[0].Bytes}\n", request, StringComparison.Ordinal);
        Assert.Contains("\n  \"prompt\": \"Change '1' to '5'\",", request.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains($"\"image\": \"data:image/png;base64,<base64, {Image.Length:N0} characters>\"", request, StringComparison.Ordinal);
        string answer = run.Debug.First(message => message.StartsWith("200 OK to POST ", StringComparison.Ordinal));
        Assert.Contains("\nContent-Type: application/json", answer, StringComparison.Ordinal);
        Assert.Contains($"\"request_id\": \"{Emulator.Ledger.Jobs[0].RequestId}\"", answer, StringComparison.Ordinal);
        Assert.Contains(run.Debug, message => message.Contains("\"cost\": 0.0125", StringComparison.Ordinal));
        Assert.Contains(run.Debug, message => message.EndsWith("\n\n<the image>", StringComparison.Ordinal));
    }

    public static TheoryData<string> Ways =>
    [
        "Invoke-QwenImageEdit a.png 'Make it red'",
        "Invoke-QwenImageEdit a.png 'Make it red' -Base64",
        "Invoke-QwenImageEdit a.png 'Make it red' -Transport Sync",
        "Invoke-QwenImageEdit a.png 'Make it red' -Transport Sync -Base64",
        "Invoke-QwenImageEdit a.png 'Make it red' -Upload Storage",
        "Invoke-QwenImageEdit a.png 'Make it red' -AdditionalParameter @{ mask = $image; all = @($image, \"data:image/png;base64,$image\") }",
        "Invoke-QwenImageEdit a.png 'Make it red' -AdditionalParameter @{ hook = 'https://name:secret@example.com/a?token=secret' }",
        "Submit-QwenImageEdit -Uri 'https://example.com/a.png?signature=secret' -Prompt 'Make it red'",
        "Invoke-QwenImageEdit a.png $key",
    ];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task No_stream_has_the_key_an_image_or_the_secrets_of_an_address(string script)
    {
        Folder.Image("a.png");
        Host.Set("image", Image);

        ScriptRun run = await RunAsync($"{script} -Debug -Verbose -LogPath logs");

        string[] logs = [.. Folder.Files.Where(file => file.EndsWith(".jsonl", StringComparison.Ordinal)).Select(file => File.ReadAllText(Folder[file]))];
        string[] said = [.. run.Verbose, .. run.Warnings, .. run.Errors.Select(error => $"{error} {error.Exception}")];
        Assert.Contains(run.Debug, text => text.Contains("x-api-key: ***", StringComparison.Ordinal));
        Assert.DoesNotContain([.. run.Debug, .. logs, .. said], text => text.Contains(Image[8..40], StringComparison.Ordinal));
        Assert.DoesNotContain([.. run.Debug, .. logs], text => text.Contains("secret", StringComparison.Ordinal));
        Assert.DoesNotContain([.. run.Debug, .. logs, .. said], text => text.Contains(Emulator.ApiKey, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("x-api-key", Assert.Single(logs), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_of_a_proxy_is_shown_as_far_as_it_is_worth_it_and_without_the_key()
    {
        Folder.Image("a.png");
        Emulator.Faults.Add(new()
        {
            Kind = FaultKind.Answer,
            Route = ApiRoute.Submit,
            Status = 502,
            Headers = new Dictionary<string, string> { ["Set-Cookie"] = "id=secret", ["X-Sent"] = $"x-api-key: {Emulator.ApiKey}" },
            Body = $"<title>Bad gateway</title> {Emulator.ApiKey} {new string('x', 5000)}",
        });

        ScriptRun run = await RunAsync("Invoke-QwenImageEdit a.png 'Make it red' -MaximumRetryCount 0 -Debug");

        string answer = run.Debug.First(message => message.StartsWith("502 ", StringComparison.Ordinal));
        Assert.Contains("<title>Bad gateway</title> *", answer, StringComparison.Ordinal);
        Assert.Contains("\nSet-Cookie: ***\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("… (5,047 characters)", answer, StringComparison.Ordinal);
        Assert.DoesNotContain(Emulator.ApiKey, answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$DebugPreference = 'Continue'; Get-QwenEditCredit", true)]
    [InlineData("$DebugPreference = 'Continue'; Get-QwenEditCredit -Debug:$false", false)]
    [InlineData("Get-QwenEditCredit -Debug", true)]
    [InlineData("Get-QwenEditCredit -Verbose", false)]
    public async Task It_is_shown_where_debug_messages_are(string script, bool isShown) =>
        Assert.Equal(isShown, (await RunAsync(script)).WithoutErrors().Debug.Any(message => message.Contains("\n  \"credits\": 100", StringComparison.Ordinal)));
}
