using System.Net;
using System.Text.Json.Nodes;
using QwenEdit.Emulator;
using QwenEdit.Emulator.History;
using QwenEdit.Emulator.Records;

namespace QwenEdit.Tests.Emulation;

/// <summary>
/// A web page can let a name of its own point to this machine (DNS rebinding), and would then be of the emulator's origin for its visitor's browser.
/// Its requests still carry its name.
/// </summary>
public sealed class HostTests : EmulatorTest
{
    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:7433")]
    [InlineData("localhost.evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    public async Task Another_host_name_is_refused_on_every_port(string host)
    {
        var id = (await EditAsync()).Text("request_id");
        var listed = Service.Ledger.Requests.Count;
        (Uri Endpoint, string Path)[] targets =
        [
            (Service.Endpoint, "/"), (Service.Endpoint, "/_emulator/ledger"), (Service.Endpoint, $"/v2/requests/{id}"),
            (Service.FilesEndpoint, "/outputs/x"), (Service.HistoryEndpoint, "/inference-request/request-history"),
        ];

        foreach (var (endpoint, path) in targets)
        {
            var (status, body) = await GetAsync(endpoint, path, host);

            Assert.Equal(HttpStatusCode.MisdirectedRequest, status);
            Assert.Contains("--allowed-host", JsonNode.Parse(body)!["error"]!.GetValue<string>(), StringComparison.Ordinal);
        }
        Assert.Equal(listed, Service.Ledger.Requests.Count);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:1")]
    [InlineData("127.0.0.1")]
    [InlineData("192.168.7.7:7433")]
    [InlineData("[::1]:7433")]
    [InlineData("segmind.test")]
    public async Task Addresses_localhost_and_allowed_names_are_not(string host)
    {
        await StartAsync(new EmulatorOptions { AllowedHosts = ["Segmind.test"] });

        Assert.Equal(HttpStatusCode.OK, (await GetAsync(Service.Endpoint, "/v1/get-user-credits", host)).Status);
    }

    private async Task<(HttpStatusCode Status, string Body)> GetAsync(Uri endpoint, string path, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(endpoint, path));
        request.Headers.Host = host;
        request.Headers.Add("x-api-key", Service.ApiKey);
        using var response = await Http.SendAsync(request, Soon);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Soon));
    }
}
