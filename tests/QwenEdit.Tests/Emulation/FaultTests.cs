using System.Net;
using QwenEdit.Commands.Parameters;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.Records;

namespace QwenEdit.Tests.Emulation;

/// <summary>Every fault, seen by a bare socket or a plain HttpClient.</summary>
public sealed class FaultTests : EmulatorTest
{
    [Fact]
    public async Task An_answer_has_the_status_body_type_and_headers_asked_for_and_makes_no_job()
    {
        Service.Faults.Add(new Fault
        {
            Kind = FaultKind.Answer,
            Route = ApiRoute.Submit,
            Status = 418,
            Body = "<p>teapot",
            ContentType = "text/html",
            Headers = new Dictionary<string, string> { ["Retry-After"] = "7" },
        });

        var answer = await PostAsync(Model, Body());

        Assert.Equal((418, "text/html", "7"), ((int)answer.Status, answer.Content.ContentType!.MediaType, answer.Header("Retry-After")));
        Assert.Equal("<p>teapot"u8.ToArray(), answer.Bytes);
        Assert.Empty(Service.Ledger.Jobs);
    }

    [Fact]
    public async Task An_answer_after_accepting_leaves_a_job_behind()
    {
        Service.Faults.Add(new Fault { Kind = FaultKind.AnswerAfterAccepting, Route = ApiRoute.Submit, Status = 504, Body = "<html>", ContentType = "text/html" });

        var answer = await PostAsync(Model, Body());

        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.Status);
        Assert.Single(Service.Ledger.Jobs);
        Assert.Equal(504, Assert.Single(Service.Ledger.Requests).Status);
    }

    [Fact]
    public async Task A_body_may_be_left_unread_for_a_while()
    {
        Service.Faults.Add(new Fault { Kind = FaultKind.DelayReading, Route = ApiRoute.Submit, Delay = TimeSpan.FromSeconds(30) });
        var answer = PostAsync(Model, Body());
        await Service.Ledger.WaitForAsync(request => request.Fault == "delay-reading", Soon);
        Assert.Equal((0, 0L), (Service.Ledger.Jobs.Count, Service.Ledger.Requests[0].Bytes));

        Pass(30);

        Assert.Equal(HttpStatusCode.OK, (await answer).Status);
        Assert.Single(Service.Ledger.Jobs);
    }

    [Fact]
    public async Task A_reset_before_reading_needs_no_body()
    {
        Service.Faults.Add(new Fault { Kind = FaultKind.ResetBeforeReading });
        using var connection = await OpenAsync();

        // The body is announced, and never sent.
        await connection.SendAsync(connection.Head("POST", Model, Service.ApiKey, 1000), Soon);

        Assert.Equal(("", true), await connection.ReadToEndAsync(Soon));
        await AssertMetAsync("reset-before-reading", bytes: 0, jobs: 0);
    }

    [Fact]
    public async Task A_reset_after_reading_makes_no_job()
    {
        Service.Faults.Add(new Fault { Kind = FaultKind.ResetAfterReading });
        using var connection = await OpenAsync();
        var body = Body().ToJsonString();
        await connection.SendAsync(connection.Head("POST", Model, Service.ApiKey, body.Length) + body[..20], Soon);
        var ended = connection.ReadToEndAsync(Soon);
        Assert.False(ended.IsCompleted);

        await connection.SendAsync(body[20..], Soon);

        Assert.Equal(("", true), await ended);
        await AssertMetAsync("reset-after-reading", body.Length, jobs: 0);
    }

    [Fact]
    public async Task A_reset_after_accepting_leaves_a_job_that_will_be_billed()
    {
        Service.Faults.Add(new Fault { Kind = FaultKind.ResetAfterAccepting });
        using var connection = await OpenAsync();
        var body = Body().ToJsonString();

        await connection.SendRequestAsync("POST", Model, Service.ApiKey, body, Soon);

        Assert.Equal(("", true), await connection.ReadToEndAsync(Soon));
        await AssertMetAsync("reset-after-accepting", body.Length, jobs: 1);
        Assert.Equal(Assert.Single(Service.Ledger.Jobs).RequestId, Assert.Single(Service.Ledger.Requests).RequestId);
        Pass(60);
        Assert.Equal(0.0364m, Service.Ledger.Billed);
    }

    [Fact]
    public async Task A_reset_in_the_response_comes_after_its_first_half()
    {
        var (path, length) = await OutputAsync();
        Service.Faults.Add(new Fault { Kind = FaultKind.ResetInResponse, Route = ApiRoute.File });
        using var connection = await OpenAsync(Service.FilesEndpoint);

        await connection.SendRequestAsync("GET", path, null, null, Soon);
        var (text, reset) = await connection.ReadToEndAsync(Soon);

        Assert.True(reset);
        if (!OperatingSystem.IsWindows())
        {
            // Windows forgets what had arrived before a reset.
            Assert.Contains($"Content-Length: {length}", text, StringComparison.Ordinal);
            Assert.Equal(length / 2, BodyOf(text).Length);
        }
    }

    [Fact]
    public async Task A_response_may_end_early_as_if_nothing_were_wrong()
    {
        var (path, length) = await OutputAsync();
        Service.Faults.Add(new Fault { Kind = FaultKind.EndInResponse, Route = ApiRoute.File, AfterBytes = 5 });
        using var connection = await OpenAsync(Service.FilesEndpoint);

        await connection.SendRequestAsync("GET", path, null, null, Soon);
        var (text, reset) = await connection.ReadToEndAsync(Soon);

        Assert.False(reset);
        Assert.Contains($"Content-Length: {length}", text, StringComparison.Ordinal);
        Assert.Equal(5, BodyOf(text).Length);
    }

    [Fact]
    public async Task A_delay_before_the_headers_lasts_as_long_as_it_is_told_to()
    {
        Service.Faults.Add(new Fault { Kind = FaultKind.DelayHeaders, Route = ApiRoute.Submit, Delay = TimeSpan.FromSeconds(30) });

        var answer = PostAsync(Model, Body());
        while (Service.Ledger.Jobs.Count == 0)
        {
            await Task.Yield();
        }
        Pass(29);
        Assert.False(answer.IsCompleted);
        Pass(1);

        Assert.Equal(HttpStatusCode.OK, (await answer).Status);
    }

    [Fact]
    public async Task A_client_that_gives_up_during_a_delay_has_made_a_job()
    {
        Service.Faults.Add(new Fault { Kind = FaultKind.DelayHeaders, Route = ApiRoute.Submit });
        using (var connection = await OpenAsync())
        {
            await connection.SendRequestAsync("POST", Model, Service.ApiKey, Body().ToJsonString(), Soon);
            await Service.Ledger.WaitForAsync(request => request.Fault == "delay-headers", Soon);
            while (Service.Ledger.Jobs.Count == 0)
            {
                await Task.Yield();
            }
        }

        Assert.Single(Service.Ledger.Jobs);
        Assert.Equal(0, Assert.Single(Service.Ledger.Requests).Status);
    }

    [Fact]
    public async Task A_delay_in_the_body_comes_after_its_first_half()
    {
        var (path, length) = await OutputAsync();
        Service.Faults.Add(new Fault { Kind = FaultKind.DelayBody, Route = ApiRoute.File });
        using var connection = await OpenAsync(Service.FilesEndpoint);
        await connection.SendRequestAsync("GET", path, null, null, Soon);

        var first = await connection.ReadUntilAsync(text => BodyOf(text).Length == length / 2, Soon);
        Assert.False(connection.HasSomethingToRead);
        Pass(30);
        var rest = await connection.ReadUntilAsync(text => text.Length == length - (length / 2), Soon);

        Assert.Equal(TestImages.Png, (BodyOf(first) + rest).Select(character => (byte)character));
    }

    [Fact]
    public async Task A_trickle_is_as_slow_as_it_is_told_to_be()
    {
        var (path, length) = await OutputAsync();
        Service.Faults.Add(new Fault { Kind = FaultKind.Trickle, Route = ApiRoute.File, BytesPerSecond = 16 });
        using var connection = await OpenAsync(Service.FilesEndpoint);
        await connection.SendRequestAsync("GET", path, null, null, Soon);

        var body = BodyOf(await connection.ReadUntilAsync(text => BodyOf(text).Length > 0, Soon));
        while (body.Length < length)
        {
            Assert.True(body.Length % 16 == 0);
            Pass(1);
            body += await connection.ReadUntilAsync(text => text.Length > 0, Soon);
        }

        Assert.Equal(TestImages.Png, body.Select(character => (byte)character));
    }

    [Fact]
    public async Task A_kept_alive_connection_can_be_closed_after_an_answer()
    {
        Service.Faults.Add(new Fault { Kind = FaultKind.CloseConnection, Skip = 1 });
        using var connection = await OpenAsync();

        await connection.SendRequestAsync("GET", "/v1/get-user-credits", Service.ApiKey, null, Soon);
        await connection.ReadUntilAsync(text => text.EndsWith('}'), Soon);
        await connection.SendRequestAsync("GET", "/v1/get-user-credits", Service.ApiKey, null, Soon);
        var (text, reset) = await connection.ReadToEndAsync(Soon);

        Assert.False(reset);
        Assert.Contains("Connection: close", text, StringComparison.Ordinal);
        Assert.EndsWith("}", text, StringComparison.Ordinal);
    }

    private async Task<RawConnection> OpenAsync(Uri? endpoint = null) => await new RawConnection(endpoint ?? Service.Endpoint).OpenAsync(Soon);

    private async Task<(string Path, int Length)> OutputAsync() =>
        (new Uri((await EditAsync()).Text("output")).AbsolutePath, TestImages.Png.Length);

    private async Task AssertMetAsync(string fault, int bytes, int jobs)
    {
        var request = await Service.Ledger.WaitForAsync(request => request.Fault == fault, Soon);
        Assert.Equal((bytes, 0), (request.Bytes, request.Status));
        Assert.Equal(jobs, Service.Ledger.Jobs.Count);
    }

    private static string BodyOf(string response)
    {
        var end = response.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return end < 0 ? "" : response[(end + 4)..];
    }
}
