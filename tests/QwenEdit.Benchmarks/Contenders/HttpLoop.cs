using System.Diagnostics;
using System.Text.Json;
using QwenEdit.Benchmarks.Processes;
using QwenEdit.Compatibility;

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
    public async Task<Lap> RunAsync(ContenderTask order)
    {
        _pauses = 0;
        int count = 0;
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = order.Parallel };
        await Parallel.ForEachAsync(Directory.EnumerateFiles(order.Images), parallel, async (path, _) =>
        {
            await EditAsync(order, path);
            Interlocked.Increment(ref count);
        });
        return new Lap { Count = count, PauseSeconds = Stopwatch.GetElapsedTime(0, _pauses).TotalSeconds };
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task EditAsync(ContenderTask order, string path)
    {
        using HttpContent body = await transfer.BodyAsync(path);
        using JsonDocument job = await AskAsync(HttpMethod.Post, $"{order.Endpoint}/v2/qwen-image-edit-fast", body);
        Uri output = await WaitAsync(job.RootElement.GetProperty("response_url").GetString()!, TimeSpan.FromSeconds(order.PollSeconds));
        await transfer.SaveAsync(_http, output, Path.Combine(order.Results, Path.GetFileName(path)));
    }

    // As the module does: the result itself is asked for, which is there when the job has ended.
    private async Task<Uri> WaitAsync(string address, TimeSpan pause)
    {
        while (true)
        {
            long start = Stopwatch.GetTimestamp();
            await Task.Delay(pause);
            Interlocked.Add(ref _pauses, Stopwatch.GetTimestamp() - start);
            using JsonDocument result = await AskAsync(HttpMethod.Get, address, null);
            if (result.RootElement.GetProperty("status").GetString() == "COMPLETED")
            {
                return new Uri(result.RootElement.GetProperty("output").GetString()!);
            }
        }
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
