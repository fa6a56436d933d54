using System.Diagnostics;
using QwenEdit.Commands.Parameters;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.Records;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>What a listener in the host's process hears of the built module, which is in a load context of its own.</summary>
[Collection(nameof(Alone))]
public sealed class TelemetryTests : RunTest
{
    [Fact]
    public async Task A_run_is_the_parent_of_its_edits_and_an_edit_of_its_requests()
    {
        MakeImages(2);
        using Listener listener = new();
        (await RunAsync("Invoke-QwenImageEdit *.png -Prompt Blue -RunVariable run")).WithoutErrors();

        Activity run = Assert.Single(listener.Spans, span => span.OperationName == "Invoke-QwenImageEdit");
        Assert.Equal(RunValue("RunId"), run.GetTagItem("qwenedit.run.id"));
        Assert.Equal(0, run.GetTagItem("qwenedit.run.exit_code"));
        Activity[] edits = [.. listener.Spans.Where(span => span.OperationName == "edit")];
        Assert.All(edits, edit => Assert.Equal((run.TraceId, run.SpanId), (edit.TraceId, edit.ParentSpanId)));
        Assert.Equal(
            Emulator.Ledger.Jobs.Select(job => $"{job.RequestId} Received").Order(),
            edits.Select(edit => $"{edit.GetTagItem("qwenedit.request.id")} {edit.GetTagItem("qwenedit.status")}").Order());
        Assert.All(edits, edit => Assert.Equal(
            ["POST submit", "GET job", "GET output"],
            listener.Spans.Where(span => span.ParentSpanId == edit.SpanId).Select(span => span.OperationName).Distinct()));
        Assert.Equal(listener.Spans.Count - 3, listener.Spans.Count(span => span.Kind == ActivityKind.Client));
    }

    [Fact]
    public async Task A_request_has_the_attributes_of_an_HTTP_client()
    {
        MakeImages(1);
        using Listener listener = new();
        (await RunAsync("Invoke-QwenImageEdit *.png -Prompt Blue")).WithoutErrors();

        Activity submit = Assert.Single(listener.Spans, span => span.OperationName == "POST submit");
        Assert.Equal("POST", submit.GetTagItem("http.request.method"));
        Assert.Equal(200, submit.GetTagItem("http.response.status_code"));
        Assert.Equal(Emulator.Endpoint.Host, submit.GetTagItem("server.address"));
        Assert.Equal(Emulator.Endpoint.Port, submit.GetTagItem("server.port"));
        Assert.Equal($"{Emulator.Endpoint}v2/qwen-image-edit-fast", submit.GetTagItem("url.full"));
        Assert.Null(Assert.Single(listener.Spans, span => span.OperationName == "GET output").GetTagItem("url.full"));
    }

    [Fact]
    public async Task What_failed_says_so()
    {
        MakeImages(1);
        Emulator.Faults.Add(new() { Kind = FaultKind.Answer, Route = ApiRoute.Submit, Status = 503, Next = 1 });
        using Listener listener = new();
        await RunAsync("Invoke-QwenImageEdit *.png -Prompt emulate:fail");

        Activity[] submits = [.. listener.Spans.Where(span => span.OperationName == "POST submit")];
        Assert.Equal(["503", null], submits.Select(span => span.GetTagItem("error.type")));
        Assert.Equal([null, 1], submits.Select(span => span.GetTagItem("http.request.resend_count")));
        Activity edit = Assert.Single(listener.Spans, span => span.OperationName == "edit");
        Assert.Equal("JobFailed", edit.GetTagItem("error.type"));
        Activity run = Assert.Single(listener.Spans, span => span.OperationName == "Invoke-QwenImageEdit");
        Assert.All([submits[0], edit, run], span => Assert.Equal(ActivityStatusCode.Error, span.Status));
    }

    [Fact]
    public async Task The_metrics_count_edits_costs_requests_and_waits()
    {
        MakeImages(2);
        Emulator.Faults.Add(new()
        {
            Kind = FaultKind.Answer,
            Route = ApiRoute.Submit,
            Status = 429,
            Next = 1,
            Headers = new Dictionary<string, string> { ["x-rate-limit-reset-at-utc"] = DateTimeOffset.UtcNow.AddSeconds(1).ToString("O") },
        });
        using Listener listener = new();
        await RunAsync("Invoke-QwenImageEdit 01.png -Prompt Blue; Invoke-QwenImageEdit 02.png -Prompt emulate:fail");

        Assert.Equal([1.0], listener.Values("qwenedit.edits", "qwenedit.status", "Received"));
        Assert.Equal([1.0], listener.Values("qwenedit.edits", "qwenedit.status", "Failed"));
        Assert.Equal(0, listener.Values("qwenedit.edits.active").Sum());
        Assert.Equal(4, listener.Values("qwenedit.edits.active").Count);
        Assert.Equal(2, listener.Values("qwenedit.edit.duration").Count(seconds => seconds > 0));
        Assert.Equal([(double)Price], listener.Values("qwenedit.cost"));
        Assert.Single(listener.Values("qwenedit.request.duration", "http.response.status_code", 429));
        Assert.Equal(Emulator.Ledger.Requests.Count, listener.Values("qwenedit.request.duration").Count);
        Assert.Equal(0, listener.Values("qwenedit.requests.active").Sum());
        Assert.Single(listener.Values("qwenedit.rate_limit.wait"));
    }

    [Fact]
    public async Task Other_commands_of_the_pipeline_are_no_part_of_the_run()
    {
        MakeImages(1);
        using Listener listener = new();

        ScriptRun run = (await RunAsync(
            "Invoke-QwenImageEdit *.png -Prompt Blue | ForEach-Object { [string][System.Diagnostics.Activity]::Current.OperationName }")).WithoutErrors();

        Assert.Equal("", Assert.Single(run.Output).BaseObject);
    }

    [Fact]
    public async Task A_stopped_run_ends_its_spans()
    {
        MakeImages(1);
        using Listener listener = new();
        using RunningScript script = Host.Start("Invoke-QwenImageEdit *.png -Prompt 'emulate:seconds=600'");
        await Emulator.Ledger.WaitForAsync(request => request.Status == 200).WaitAsync(Patience);
        await script.StopAsync();

        Assert.Equal("Cancelled", Assert.Single(listener.Spans, span => span.OperationName == "edit").GetTagItem("qwenedit.status"));
        Assert.Equal("Cancelled", Assert.Single(listener.Spans, span => span.OperationName == "Invoke-QwenImageEdit").GetTagItem("qwenedit.run.stopped_by"));
        Assert.Equal(0, listener.Values("qwenedit.edits.active").Sum() + listener.Values("qwenedit.requests.active").Sum());
    }

    [Fact]
    public async Task The_service_gets_no_trace_of_the_caller()
    {
        MakeImages(1);
        await using RawServer service = new(async (request, connection) =>
        {
            await connection.ReadBodyAsync(request);
            await connection.AnswerAsync(RawAnswer.Error(400));
        });
        using Listener listener = new();
        await RunAsync($"Invoke-QwenImageEdit *.png -Prompt Blue -Endpoint {service.Url}");

        Assert.DoesNotContain(
            Assert.Single(service.Requests).Headers.Keys,
            name => name.StartsWith("trace", StringComparison.OrdinalIgnoreCase) || name.Contains("request-id", StringComparison.OrdinalIgnoreCase));
    }
}
