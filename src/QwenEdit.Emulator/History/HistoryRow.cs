using System.Text.Json;

namespace QwenEdit.Emulator;

/// <summary>One row of the request history.</summary>
internal sealed class HistoryRow(EmulatorOptions options, FileStore files)
{
    private const int CutAfter = 48;

    public static string StatusOf(JobView view) => view.Ended ? view.State : "PENDING";

    public async Task WriteAsync(Utf8JsonWriter json, JobView view, CancellationToken cancellationToken)
    {
        var job = view.Job;
        var status = StatusOf(view);
        json.WriteStartObject();
        json.WriteString("request_id", job.Id);
        json.WriteString("model_name", job.Model);
        json.WriteString("model_status", status);
        json.WriteNumber("credits_deduction", job.Billed);
        json.WriteString("model_created", new DateTime(job.Accepted, DateTimeKind.Utc));
        if (view.Ended)
        {
            json.WriteString("model_updated", new DateTime(job.Finished, DateTimeKind.Utc));
            json.WriteNumber("latency_ms", (job.Finished - job.Accepted) / TimeSpan.TicksPerMillisecond);
        }
        if (status == "COMPLETED")
        {
            json.WriteString("generation_url", files.UrlOf(job));
        }
        if (view.Error is not null)
        {
            json.WriteString("error", view.Error);
        }
        json.WritePropertyName("request_body");
        await WriteBodyAsync(json, job, cancellationToken);
        json.WriteEndObject();
    }

    private async Task WriteBodyAsync(Utf8JsonWriter json, Job job, CancellationToken cancellationToken)
    {
        using var body = JsonDocument.Parse(job.Body);
        json.WriteStartObject();
        foreach (var field in body.RootElement.EnumerateObject())
        {
            var isInline = job.Image is not null && field.NameEquals("image"u8);
            if (isInline && options.HistoryBody is HistoryBody.Omitted)
            {
                continue;
            }
            json.WritePropertyName(field.Name);
            if (isInline)
            {
                var most = options.HistoryBody is HistoryBody.Cut ? CutAfter : long.MaxValue;
                await InlineText.WriteAsync(json, job.Image!.Prefix, job.Image.File, cancellationToken, most);
            }
            else
            {
                field.Value.WriteTo(json);
            }
        }
        json.WriteEndObject();
    }
}
