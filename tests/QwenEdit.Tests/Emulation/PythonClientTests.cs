using System.Diagnostics;
using System.Text.Json;
using QwenEdit.Emulator;
using QwenEdit.Emulator.Records;

namespace QwenEdit.Tests.Emulation;

/// <summary>
/// The vendor's example edit in another language, against the raw contract, on v1 and on v2. Its <c>image</c> is the vendor's URL, its values
/// are the vendor's, and only the base URL and the key are not. Time is real.
/// </summary>
public sealed class PythonClientTests : IAsyncLifetime
{
    /// <summary><c>requests</c>, as examples use it, or as much of it as they need where it is not installed.</summary>
    private const string Requests = """
        import json, os, sys, time
        try:
            import requests
        except ImportError:
            import urllib.error, urllib.request

            class Response:
                def __init__(self, answer):
                    self.status_code, self.headers, self.content = answer.code, answer.headers, answer.read()

                def json(self):
                    return json.loads(self.content)

            class requests:
                @staticmethod
                def get(url, headers={}, data=None):
                    try:
                        return Response(urllib.request.urlopen(urllib.request.Request(url, data, headers)))
                    except urllib.error.HTTPError as error:
                        return Response(error)

                @staticmethod
                def post(url, json, headers):
                    import json as text
                    return requests.get(url, {**headers, "Content-Type": "application/json"}, text.dumps(json).encode())

        base = os.environ["SEGMIND_ENDPOINT"].rstrip("/")
        api_key = os.environ["SEGMIND_API_KEY"]
        data = {
            "image": "https://segmind-resources.s3.amazonaws.com/input/354cdf06-8901-4f0c-a9e0-8bf72bcb2859-5769d60b13eeba42135ff0c65db49c14.png",
            "prompt": "Change '1000$' to '5$' in the poster",
            "steps": 8,
            "guidance": 1,
            "seed": 760941192,
            "image_format": "png",
            "quality": 90,
            "base64": False,
        }
        data.update(json.loads(os.environ.get("CHANGES", "{}")))
        headers = {"x-api-key": api_key}


        """;

    private const string Sync = Requests + """
        response = requests.post(base + "/v1/qwen-image-edit-fast", json=data, headers=headers)
        print(json.dumps({
            "code": response.status_code,
            "type": response.headers["Content-Type"],
            "cost": response.headers.get("x-cost"),
            "seed": response.headers.get("x-seed-value"),
            "png": response.content[:4].hex(),
            "length": len(response.content),
        }))
        """;

    private const string Async = Requests + """
        job = requests.post(base + "/v2/qwen-image-edit-fast", json=data, headers=headers).json()
        while True:
            response = requests.get(job["status_url"], headers=headers)
            status = response.json()
            if status["status"] in ("COMPLETED", "FAILED"):
                break
            time.sleep(0.05)
        result = requests.get(job["response_url"], headers=headers).json()
        image = requests.get(result["output"]).content if status["status"] == "COMPLETED" else b""
        print(json.dumps({
            "code": response.status_code,
            "status": status["status"],
            "error": result["error"],
            "cost": result["metrics"].get("cost"),
            "seed": result.get("seed"),
            "png": image[:4].hex(),
            "length": len(image),
        }))
        """;

    private SegmindEmulator emulator = null!;

    public async Task InitializeAsync() => emulator = await SegmindEmulator.StartAsync(new EmulatorOptions { Latency = TimeSpan.FromMilliseconds(300) });

    public async Task DisposeAsync() => await emulator.DisposeAsync();

    [PythonFact]
    public async Task The_example_of_v1_runs_unchanged()
    {
        var answer = await RunAsync(Sync);

        Assert.Equal(("200", "image/png", "0.0364", "760941192"), (Text(answer, "code"), Text(answer, "type"), Text(answer, "cost"), Text(answer, "seed")));
        Assert.Equal("89504e47", Text(answer, "png"));
        Assert.True(answer.GetProperty("length").GetInt32() > 10_000);
    }

    [PythonFact]
    public async Task The_example_of_v2_runs_unchanged()
    {
        var answer = await RunAsync(Async);

        Assert.Equal(("200", "COMPLETED", "", "0.0364"), (Text(answer, "code"), Text(answer, "status"), Text(answer, "error"), Text(answer, "cost")));
        Assert.Equal("760941192", Text(answer, "seed"));
        Assert.Equal("89504e47", Text(answer, "png"));
        Assert.Equal(0.0364m, emulator.Ledger.Billed);
    }

    [PythonFact]
    public async Task A_mistake_in_it_is_a_500_on_v1_and_a_failed_job_on_v2()
    {
        const string mistake = """{"prompt": null}""";

        Assert.Equal("500", Text(await RunAsync(Sync, mistake), "code"));
        var answer = await RunAsync(Async, mistake);

        Assert.Equal(("422", "FAILED", "Missing required field: prompt"), (Text(answer, "code"), Text(answer, "status"), Text(answer, "error")));
        Assert.Equal(0, emulator.Ledger.Billed);
    }

    private async Task<JsonElement> RunAsync(string script, string changes = "{}")
    {
        var start = new ProcessStartInfo(PythonFactAttribute.Program, ["-"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["SEGMIND_ENDPOINT"] = emulator.Endpoint.AbsoluteUri,
                ["SEGMIND_API_KEY"] = emulator.ApiKey,
                ["CHANGES"] = changes,
                ["NO_PROXY"] = "127.0.0.1",
                ["no_proxy"] = "127.0.0.1",
            },
        };
        using var soon = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var python = Process.Start(start)!;
        var errors = python.StandardError.ReadToEndAsync(soon.Token);
        await python.StandardInput.WriteAsync(script);
        python.StandardInput.Close();
        var output = await python.StandardOutput.ReadToEndAsync(soon.Token);
        await python.WaitForExitAsync(soon.Token);
        Assert.True(python.ExitCode == 0, await errors);
        return JsonDocument.Parse(output).RootElement.Clone();
    }

    private static string Text(JsonElement answer, string name) => answer.GetProperty(name).ToString();
}
