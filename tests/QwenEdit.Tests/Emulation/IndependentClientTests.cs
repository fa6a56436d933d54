using System.Text;
using System.Text.Json;
using QwenEdit.Emulator;

namespace QwenEdit.Tests.Emulation;

/// <summary>
/// A client as somebody else would write it from the documentation alone: submit, poll until the body says COMPLETED or FAILED
/// (also under 422), fetch response_url. Only its base URL is replaced, and time is real.
/// </summary>
public sealed class IndependentClientTests
{
    [Fact]
    public async Task It_works_unchanged()
    {
        await using var emulator = await SegmindEmulator.StartAsync(new EmulatorOptions { Latency = TimeSpan.FromMilliseconds(300) });
        using var client = new DocumentedClient(emulator.Endpoint.AbsoluteUri.TrimEnd('/'), emulator.ApiKey);

        var (status, output) = await client.RunAsync("Change '1000$' to '5$'", TestImages.DataUri);
        var (failed, error) = await client.RunAsync("emulate:fail", TestImages.DataUri);

        Assert.Equal("COMPLETED", status);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], (await client.DownloadAsync(output))[..4]);
        Assert.Equal("FAILED", failed);
        Assert.NotEmpty(error);
    }

    private sealed class DocumentedClient(string baseUrl, string apiKey) : IDisposable
    {
        private readonly HttpClient http = new();

        public async Task<(string Status, string Outcome)> RunAsync(string prompt, string image)
        {
            var submitted = await SendAsync(HttpMethod.Post, $"{baseUrl}/v2/qwen-image-edit-fast", JsonSerializer.Serialize(new { prompt, image, steps = 8 }));
            var statusUrl = submitted.GetProperty("status_url").GetString()!;
            var deadline = DateTime.UtcNow.AddSeconds(60);
            while (true)
            {
                var state = (await SendAsync(HttpMethod.Get, statusUrl)).GetProperty("status").GetString()!;
                if (state is "COMPLETED" or "FAILED")
                {
                    var result = await SendAsync(HttpMethod.Get, submitted.GetProperty("response_url").GetString()!);
                    return (state, result.GetProperty(state is "COMPLETED" ? "output" : "error").GetString()!);
                }
                Assert.True(DateTime.UtcNow < deadline, $"Still {state} after a minute.");
                // The interval of polling; the SDK's is a second.
                using var interval = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
                await interval.WaitForNextTickAsync();
            }
        }

        public void Dispose() => http.Dispose();

        public Task<byte[]> DownloadAsync(string url) => http.GetByteArrayAsync(new Uri(url));

        private async Task<JsonElement> SendAsync(HttpMethod method, string url, string? body = null)
        {
            using var request = new HttpRequestMessage(method, url);
            request.Headers.Add("x-api-key", apiKey);
            request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
            using var response = await http.SendAsync(request);
            return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.Clone();
        }
    }
}
