using System.Text.Json;
using QwenEdit.Emulator.Accounts;
using QwenEdit.Emulator.Bodies;
using QwenEdit.Emulator.Jobs;
using QwenEdit.Emulator.Spool;

namespace QwenEdit.Emulator.Api;

/// <summary>Answers with the status of a job, or with its result.</summary>
internal sealed class PollEndpoint(EmulatorOptions options, RequestAdmission admission, JobQueue jobs, FileStore files)
{
    public async Task PollAsync(ApiContext exchange)
    {
        if (await admission.EnterAsync(exchange) is not { } account)
        {
            return;
        }
        if (!Guid.TryParse(exchange.Target.Argument, out var id) || jobs.Look(id, (job, now) => Seen(job, now, account)) is not { } view)
        {
            await ApiResponses.ErrorAsync(exchange, StatusCodes.Status404NotFound, $"Request {exchange.Target.Argument} not found");
            return;
        }
        exchange.Job = view.Job;
        exchange.Note = view.State;
        var status = view.State == "FAILED" ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK;
        if (exchange.Target.Route is not ApiRoute.Status && view.State == "COMPLETED" && TextPrefix(view.Job) is { } prefix)
        {
            await ApiResponses.StreamAsync(exchange, status, async json =>
            {
                json.WriteStartObject();
                json.WritePropertyName("output");
                await InlineText.WriteAsync(json, prefix, view.Job.Output!, exchange.Aborted);
                Write(json, view, whole: true, withOutput: false);
                json.WriteEndObject();
            });
            return;
        }
        await ApiResponses.JsonAsync(exchange, status, json => Write(json, view, whole: exchange.Target.Route is not ApiRoute.Status, withOutput: true));
    }

    private JobView? Seen(Job job, long now, Account account)
    {
        var expired = now >= job.Accepted + options.RecordRetention.Ticks || (job.Settled && job.Is(TestPrompts.Expired));
        if (expired || job.Account != account)
        {
            return null;
        }
        job.Polls++;
        return JobView.Of(job, now);
    }

    /// <summary>The text before the base64 output; null if the output is a URL.</summary>
    private static string? TextPrefix(Job job) => job.Is(TestPrompts.NoOutput | TestPrompts.ImagesOnly) ? null
        : job.Is(TestPrompts.DataUri) ? $"data:{job.Output!.ContentType};base64,"
        : job.Is(TestPrompts.Base64) || job.ReadParameters().Base64 ? ""
        : null;

    private void Write(Utf8JsonWriter json, JobView view, bool whole, bool withOutput)
    {
        var job = view.Job;
        json.WriteString("status", view.State);
        json.WriteString("request_id", job.RequestId);
        // A completed job has the field too: "error": null.
        if (view.Ended && !job.Is(TestPrompts.OutputOnly))
        {
            json.WriteString("error", view.Error);
        }
        if (whole && view.State == "COMPLETED")
        {
            WriteOutput(json, job, withOutput);
        }
        if (!job.Is(TestPrompts.NoMetrics))
        {
            view.WriteMetrics(json);
        }
    }

    private void WriteOutput(Utf8JsonWriter json, Job job, bool withOutput)
    {
        var url = files.UrlOf(job);
        if (withOutput && !job.Is(TestPrompts.NoOutput | TestPrompts.ImagesOnly))
        {
            json.WriteString("output", url);
        }
        if (!job.Is(TestPrompts.NoOutput | TestPrompts.OutputOnly))
        {
            json.WriteStartArray("images");
            json.WriteStartObject();
            json.WriteString("url", url);
            json.WriteString("content_type", job.Output!.ContentType);
            json.WriteString("file_name", url[(url.LastIndexOf('/') + 1)..]);
            json.WriteNumber("file_size", job.Output.Length);
            json.WriteEndObject();
            json.WriteEndArray();
        }
        if (!job.Is(TestPrompts.OutputOnly))
        {
            json.WriteNumber("seed", job.Seed);
            json.WriteString("prompt", job.ReadParameters().Prompt);
        }
    }
}
