using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using QwenEdit.Emulator;
using QwenEdit.Emulator.History;
using QwenEdit.Emulator.Images;
using QwenEdit.Segmind.Http;

namespace QwenEdit.Tests.Emulation;

/// <summary>An emulator of its own for each test, whose time stands still unless the test moves it.</summary>
public abstract class EmulatorTest : IAsyncLifetime
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    protected const string Model = "/v2/qwen-image-edit-fast";

    protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 10, 1, 12, 0, 20, TimeSpan.Zero));

    protected SegmindEmulator Service { get; private set; } = null!;

    protected HttpClient Http { get; } = new() { Timeout = TimeSpan.FromMinutes(1) };

    protected CancellationToken Soon { get; } = new CancellationTokenSource(Patience).Token;

    public virtual Task InitializeAsync() => StartAsync(new EmulatorOptions());

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await Service.DisposeAsync();
    }

    protected async Task StartAsync(EmulatorOptions options, bool edit = false)
    {
        if (Service is not null)
        {
            await Service.DisposeAsync();
        }
        Service = await SegmindEmulator.StartAsync(options with
        {
            Time = Time,
            Edit = edit ? EditMode.Caption : EditMode.None,
            Latency = TimeSpan.FromSeconds(10),
        });
    }

    protected void Pass(double seconds) => Service.Clock.Advance(TimeSpan.FromSeconds(seconds));

    protected static JsonObject Body(string prompt = "Change '1000$' to '5$'", params (string Name, JsonNode? Value)[] fields)
    {
        var body = new JsonObject { ["image"] = TestImages.DataUri, ["prompt"] = prompt };
        foreach (var (name, value) in fields)
        {
            body[name] = value;
        }
        return body;
    }

    protected async Task<ApiResponse> SendAsync(HttpMethod method, string path, JsonNode? body = null, string? key = "", Uri? endpoint = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(endpoint ?? Service.Endpoint, path));
        if (key is not null)
        {
            request.Headers.Add("x-api-key", key.Length > 0 ? key : Service.ApiKey);
        }
        request.Content = body is null ? null : JsonContent.Create(body);
        using var response = await Http.SendAsync(request, Soon);
        return new ApiResponse(response.StatusCode, response.Headers, response.Content.Headers, await response.Content.ReadAsByteArrayAsync(Soon));
    }

    protected Task<ApiResponse> GetAsync(string path, string? key = "") => SendAsync(HttpMethod.Get, path, key: key);

    protected Task<ApiResponse> PostAsync(string path, JsonNode body, string? key = "") => SendAsync(HttpMethod.Post, path, body, key);

    protected Task<ApiResponse> HistoryAsync(string pathAndQuery, string? key = "") =>
        SendAsync(HttpMethod.Get, "/inference-request/" + pathAndQuery, key: key, endpoint: Service.HistoryEndpoint);

    protected async Task<string> SubmitAsync(string prompt = "Change '1000$' to '5$'", params (string Name, JsonNode? Value)[] fields)
    {
        var answer = await PostAsync(Model, Body(prompt, fields));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer.Text("request_id");
    }

    /// <summary>Submits, lets the time pass that a job takes, and waits for the real work behind it.</summary>
    protected async Task<ApiResponse> EditAsync(string prompt = "Change '1000$' to '5$'", params (string Name, JsonNode? Value)[] fields) =>
        await FinishAsync(await SubmitAsync(prompt, fields));

    protected async Task<ApiResponse> FinishAsync(string id)
    {
        Pass(60);
        while (true)
        {
            var answer = await GetAsync($"/v2/requests/{id}");
            if (answer.Json["status"]?.GetValue<string>() is "COMPLETED" or "FAILED")
            {
                return answer;
            }
            await Task.Yield();
        }
    }

    protected async Task<ApiResponse> DownloadAsync(ApiResponse completed) =>
        await SendAsync(HttpMethod.Get, completed.Text("output"), key: null);

    protected sealed record ApiResponse(HttpStatusCode Status, HttpResponseHeaders Headers, HttpContentHeaders Content, byte[] Bytes)
    {
        public JsonObject Json => JsonNode.Parse(Bytes)!.AsObject();

        public string Text(string name) => Json[name]!.GetValue<string>();

        public decimal Number(string name) => Json["metrics"]![name]!.GetValue<decimal>();

        public string Header(string name) => string.Join(',', Headers.GetValues(name));

        public void Is(HttpStatusCode status, string error)
        {
            Assert.Equal(status, Status);
            Assert.Contains(error, Text("error"), StringComparison.OrdinalIgnoreCase);
        }
    }
}
