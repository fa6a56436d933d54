using System.Globalization;
using QwenEdit.Emulator.Bodies;
using QwenEdit.Emulator.Jobs;
using QwenEdit.Emulator.Spool;

namespace QwenEdit.Emulator.Api;

/// <summary>v1: one request, and the image when it is there.</summary>
internal sealed class SyncEndpoint(SubmitEndpoint submit, JobQueue jobs)
{
    public async Task GenerateAsync(ApiContext exchange)
    {
        if (await submit.AcceptAsync(exchange) is not { } job)
        {
            return;
        }
        // If the client disconnects while it waits, the job continues and is billed.
        await jobs.WaitAsync(job, exchange.Aborted);
        var view = jobs.Look(job.Id, JobView.Of);
        if (view is null or { Error: not null })
        {
            await ApiResponses.ErrorAsync(exchange, StatusCodes.Status500InternalServerError, view?.Error ?? "The emulator was reset.");
            return;
        }
        var headers = exchange.Context.Response.Headers;
        headers["x-request-id"] = job.RequestId;
        headers["x-cost"] = job.Billed.ToString(CultureInfo.InvariantCulture);
        headers["x-remaining-credits"] = job.Remaining.ToString(CultureInfo.InvariantCulture);
        headers["x-generation-time"] = view.InferenceSeconds.ToString(CultureInfo.InvariantCulture);
        headers["x-seed-value"] = job.Seed.ToString(CultureInfo.InvariantCulture);
        Interlocked.Increment(ref job.Fetched);
        await AnswerAsync(exchange, job, job.Output!);
    }

    private static Task AnswerAsync(ApiContext exchange, Job job, SpoolFile output)
    {
        if (!job.ReadParameters().Base64 && !job.Is(TestPrompts.DataUri | TestPrompts.Base64))
        {
            return ApiResponses.FileAsync(exchange, output.ContentType, output);
        }
        var prefix = job.Is(TestPrompts.DataUri) ? $"data:{output.ContentType};base64," : "";
        return ApiResponses.StreamAsync(exchange, StatusCodes.Status200OK, async json =>
        {
            json.WriteStartObject();
            json.WritePropertyName("image");
            await InlineText.WriteAsync(json, prefix, output, exchange.Aborted);
            json.WriteEndObject();
        });
    }
}
