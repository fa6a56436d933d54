using System.Diagnostics;
using System.Text.Json;
using QwenEdit.Benchmarks.Processes;

namespace QwenEdit.Benchmarks.Contenders;

/// <summary>How the bytes of an image go out and come in.</summary>
internal interface ITransfer
{
    /// <summary>The body of a submission.</summary>
    Task<HttpContent> BodyAsync(string path);

    /// <summary>Brings an output to its file.</summary>
    Task SaveAsync(HttpClient http, Uri output, string path);
}

/// <summary>A loop over <see cref="HttpClient"/>: submit, poll, download. No journal, no check, no repetition.</summary>
internal sealed class HttpLoop(ITransfer transfer) : IContender, IDisposable
{
    internal const string Prompt = "Make it red";

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false });
    private long _pauses;

    /// <inheritdoc/>
    public async Task<(int Count, double PauseSeconds)> RunAsync(Order order)
    {
        _pauses = 0;
        int count = 0;
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = order.Parallel };
        await Parallel.ForEachAsync(Directory.EnumerateFiles(order.Images), parallel, async (path, _) =>
        {
            await EditAsync(order, path);
            Interlocked.Increment(ref count);
        });
        return (count, Stopwatch.GetElapsedTime(0, _pauses).TotalSeconds);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task EditAsync(Order order, string path)
    {
        using HttpContent body = await transfer.BodyAsync(path);
        using JsonDocument job = await AskAsync(HttpMethod.Post, $"{order.Endpoint}/v2/qwen-image-edit-fast", body);
        string status = job.RootElement.GetProperty("status_url").GetString()!;
        do
        {
            long start = Stopwatch.GetTimestamp();
            await Task.Delay(TimeSpan.FromSeconds(order.PollSeconds));
            Interlocked.Add(ref _pauses, Stopwatch.GetTimestamp() - start);
        }
        while (!await IsCompletedAsync(status));

        using JsonDocument result = await AskAsync(HttpMethod.Get, job.RootElement.GetProperty("response_url").GetString()!, null);
        Uri output = new(result.RootElement.GetProperty("output").GetString()!);
        await transfer.SaveAsync(_http, output, Path.Combine(order.Results, Path.GetFileName(path)));
    }

    private async Task<bool> IsCompletedAsync(string address)
    {
        using JsonDocument status = await AskAsync(HttpMethod.Get, address, null);
        return status.RootElement.GetProperty("status").GetString() == "COMPLETED";
    }

    private async Task<JsonDocument> AskAsync(HttpMethod method, string address, HttpContent? body)
    {
        using HttpRequestMessage request = new(method, address) { Content = body };
        request.Headers.Add("x-api-key", ServiceProcess.ApiKey);
        using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        return await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync());
    }
}
