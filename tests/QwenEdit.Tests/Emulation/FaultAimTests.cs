using System.Text.Json.Nodes;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.History;
using QwenEdit.Emulator.Records;
using QwenEdit.Imaging;

namespace QwenEdit.Tests.Emulation;

/// <summary>Which requests a fault hits, and how it is told to.</summary>
public sealed class FaultAimTests : EmulatorTest
{
    [Theory]
    [InlineData(ApiRoute.Submit)]
    [InlineData(ApiRoute.Sync)]
    [InlineData(ApiRoute.Status)]
    [InlineData(ApiRoute.Result)]
    [InlineData(ApiRoute.Poll)]
    [InlineData(ApiRoute.Credits)]
    [InlineData(ApiRoute.Upload)]
    [InlineData(ApiRoute.File)]
    [InlineData(ApiRoute.History)]
    public async Task A_fault_meets_the_requests_of_its_route_only(ApiRoute route)
    {
        Service.Faults.Add(new Fault { Kind = FaultKind.Answer, Route = route, Status = 599, Name = "aimed" });

        await GetAsync("/v1/get-user-credits");
        await PostAsync("/upload-asset", Body());
        await PostAsync(Model, Body());
        await PostAsync("/v1/none", Body());
        await GetAsync("/v2/requests/1/status");
        await GetAsync("/v2/requests/1");
        await GetAsync("/v1/requests/1");
        await HistoryAsync("request-history");
        await SendAsync(HttpMethod.Get, "/outputs/none", endpoint: Service.FilesEndpoint);

        Assert.Equal((route, 599), Assert.Single(
            Service.Ledger.Requests.Where(request => request.Fault == "aimed").Select(request => (request.Route, request.Status))));
        Assert.Equal(9, Service.Ledger.Requests.Count);
    }

    [Fact]
    public async Task A_fault_skips_and_hits_as_many_as_it_is_told_to()
    {
        Service.Faults.Add(new Fault { Kind = FaultKind.Answer, Status = 503, Skip = 1, Next = 2 });
        var statuses = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            statuses.Add((int)(await GetAsync("/v1/get-user-credits")).Status);
        }

        Assert.Equal([200, 503, 503, 200, 200], statuses);
        Assert.Empty(Service.Faults.Active);
    }

    [Fact]
    public async Task A_share_of_all_is_drawn_and_can_be_repeated()
    {
        var first = await StatusesAsync();
        Service.Faults.Clear();
        var second = await StatusesAsync();

        Assert.Equal(first, second);
        Assert.InRange(first.Count(status => status == 503), 10, 50);

        async Task<List<int>> StatusesAsync()
        {
            Service.Faults.Add(new Fault { Kind = FaultKind.Answer, Status = 503, Share = 0.3 });
            var statuses = new List<int>();
            for (var i = 0; i < 100; i++)
            {
                statuses.Add((int)(await GetAsync("/v1/get-user-credits")).Status);
            }
            return statuses;
        }
    }

    [Fact]
    public async Task The_control_API_takes_the_same_faults()
    {
        await PostAsync("/_emulator/faults", JsonNode.Parse("""
            [
              {"kind": "answer", "route": "credits", "next": 1, "status": 502, "body": "<html>", "content_type": "text/html"},
              {"kind": "answer", "route": "credits", "next": 1, "status": 503, "body": {"error": "busy"}, "headers": {"x-odd": "1"}},
              {"kind": "reset-after-accepting", "route": "submit", "name": "lost answer", "next": null, "share": null}
            ]
            """)!);

        var html = await GetAsync("/v1/get-user-credits");
        var json = await GetAsync("/v1/get-user-credits");
        await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(Model, Body()));

        Assert.Equal((502, "text/html"), ((int)html.Status, html.Content.ContentType!.MediaType));
        Assert.Equal((503, "busy", "1"), ((int)json.Status, json.Text("error"), json.Header("x-odd")));
        Assert.Single(Service.Ledger.Jobs);
        Assert.Equal("lost answer", Service.Ledger.Requests[^1].Fault);

        await SendAsync(HttpMethod.Delete, "/_emulator/faults");
        Assert.Empty(Service.Faults.Active);
    }

    [Fact]
    public void A_fault_with_impossible_numbers_is_refused() => Assert.Equal(
        "The share of a fault is from 0 to 1.",
        Assert.Throws<ArgumentException>(() => Service.Faults.Add(new Fault { Kind = FaultKind.Answer, Share = 1.5 })).Message);

    /// <summary>The README's table of faults names the kinds; a name in the ledger can be looked up there.</summary>
    [Fact]
    public async Task The_ledger_names_a_fault_as_the_control_API_does()
    {
        foreach (var kind in Enum.GetValues<FaultKind>())
        {
            Service.Faults.Add(new Fault { Kind = kind, Route = ApiRoute.History, Next = 1 });
            var name = (await SendAsync(HttpMethod.Get, "/_emulator/status")).Json["faults"]!.AsArray()[0]!["kind"]!.GetValue<string>();
            using var connection = await new RawConnection(Service.HistoryEndpoint).OpenAsync(Soon);
            await connection.SendRequestAsync("GET", "/inference-request/request-history", Service.ApiKey, null, Soon);

            await Service.Ledger.WaitForAsync(request => request.Fault == name, Soon);
        }
    }

    [Fact]
    public async Task A_list_with_a_mistake_adds_nothing()
    {
        (await PostAsync("/_emulator/faults", JsonNode.Parse("""[{"kind": "trickle"}, {"kind": "explode"}]""")!)).Is(System.Net.HttpStatusCode.BadRequest, "explode");

        Assert.Empty(Service.Faults.Active);
    }
}
