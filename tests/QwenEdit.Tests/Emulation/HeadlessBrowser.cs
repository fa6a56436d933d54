using System.ComponentModel;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace QwenEdit.Tests.Emulation;

/// <summary>A test that needs Chromium or Chrome, and is skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = HeadlessBrowser.Program is null ? "Neither Chromium nor Chrome is installed." : null;
}

/// <summary>A page in a browser without a window, asked through the DevTools protocol.</summary>
internal sealed class HeadlessBrowser : IAsyncDisposable
{
    private static readonly Lazy<string?> Found = new(() => Array.Find(["chromium", "chromium-browser", "google-chrome"], Runs));

    private readonly DirectoryInfo profile = Directory.CreateTempSubdirectory("emulator-browser-");
    private readonly ClientWebSocket page = new();
    private readonly Process process;
    private Task rest = Task.CompletedTask;
    private int sent;

    private HeadlessBrowser() => process = Process.Start(new ProcessStartInfo(Program!,
        ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0", $"--user-data-dir={profile.FullName}", "about:blank"])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    public static string? Program => Found.Value;

    public static async Task<HeadlessBrowser> OpenAsync(Uri address, CancellationToken cancellationToken)
    {
        var browser = new HeadlessBrowser();
        try
        {
            using var http = new HttpClient();
            var targets = new UriBuilder(await browser.ReadEndpointAsync(cancellationToken)) { Scheme = "http", Path = "/json/list" }.Uri;
            var page = JsonNode.Parse(await http.GetStringAsync(targets, cancellationToken))!.AsArray().First(target => target!["type"]!.GetValue<string>() == "page");
            await browser.page.ConnectAsync(new Uri(page!["webSocketDebuggerUrl"]!.GetValue<string>()), cancellationToken);
            await browser.SendAsync("Page.navigate", new JsonObject { ["url"] = address.AbsoluteUri }, cancellationToken);
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    public Task ResizeAsync(int width, CancellationToken cancellationToken) => SendAsync(
        "Emulation.setDeviceMetricsOverride",
        new JsonObject { ["width"] = width, ["height"] = 900, ["deviceScaleFactor"] = 1, ["mobile"] = false },
        cancellationToken);

    /// <summary>The value of a JavaScript expression; promises are awaited.</summary>
    public async Task<JsonNode?> EvaluateAsync(string expression, CancellationToken cancellationToken) => (await SendAsync(
        "Runtime.evaluate",
        new JsonObject { ["expression"] = expression, ["returnByValue"] = true, ["awaitPromise"] = true },
        cancellationToken))["result"]!["value"];

    public async ValueTask DisposeAsync()
    {
        page.Dispose();
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        await rest;
        process.Dispose();
        profile.Delete(recursive: true);
    }

    private async Task<Uri> ReadEndpointAsync(CancellationToken cancellationToken)
    {
        const string start = "DevTools listening on ";
        while (await process.StandardError.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith(start, StringComparison.Ordinal))
            {
                // What it writes from now on is of no interest, but must not fill the pipe.
                rest = Task.WhenAll(process.StandardError.ReadToEndAsync(CancellationToken.None), process.StandardOutput.ReadToEndAsync(CancellationToken.None));
                return new Uri(line[start.Length..]);
            }
        }
        throw new InvalidOperationException($"{Program} ended.");
    }

    private async Task<JsonNode> SendAsync(string method, JsonObject parameters, CancellationToken cancellationToken)
    {
        var id = ++sent;
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        await page.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, true, cancellationToken);
        while (true)
        {
            var answer = await ReceiveAsync(cancellationToken);
            if (answer["id"]?.GetValue<int>() == id)
            {
                return answer["result"] ?? throw new InvalidOperationException(answer.ToJsonString());
            }
        }
    }

    private async Task<JsonNode> ReceiveAsync(CancellationToken cancellationToken)
    {
        using var text = new MemoryStream();
        var buffer = new byte[16 * 1024];
        ValueWebSocketReceiveResult received;
        do
        {
            received = await page.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            text.Write(buffer, 0, received.Count);
        }
        while (!received.EndOfMessage);
        return JsonNode.Parse(text.ToArray())!;
    }

    private static bool Runs(string program)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, ["--version"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
