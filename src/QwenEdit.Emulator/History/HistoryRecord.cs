using System.Text.Json;
using QwenEdit.Emulator.Accounts;
using QwenEdit.Emulator.Bodies;
using QwenEdit.Emulator.Jobs;
using QwenEdit.Emulator.Spool;

namespace QwenEdit.Emulator.History;

/// <summary>One row of the request history.</summary>
internal sealed class HistoryRecord(EmulatorOptions options, FileStore files)
{
    private const int CutAfter = 48;

    public static string StatusOf(JobView view) => view.Ended ? view.State : "PENDING";

    public async Task WriteAsync(Utf8JsonWriter json, JobView view, CancellationToken cancellationToken)
    {
        var job = view.Job;
        var status = StatusOf(view);
        json.WriteStartObject();
        json.WriteString("request_id", job.RequestId);
        json.WriteString("model_name", job.Model);
        json.WriteString("model_status", status);
        json.WriteString("status", status);
        json.WriteNumber("credits_deduction", job.Billed);
        json.WriteString("model_created", new DateTime(job.Accepted, DateTimeKind.Utc));
        if (view.Ended)
        {
            json.WriteString("model_updated", new DateTime(job.Finished, DateTimeKind.Utc));
            json.WriteNumber("latency_ms", (job.Finished - job.Accepted) / TimeSpan.TicksPerMillisecond);
        }
        json.WriteString("generation_url", status == "COMPLETED" ? files.UrlOf(job) : null);
        json.WriteString("error", view.Error);
        json.WriteString("user_id", job.Account.UserId);
        json.WriteString("user_email", job.Account.UserEmail);
        using var body = JsonDocument.Parse(job.Body);
        json.WritePropertyName("request_body");
        await WriteBodyAsync(json, job, body, cancellationToken);
        WriteParameters(json, job, body);
        json.WriteEndObject();
    }

    /// <summary>Writes the prompt, and all other fields but an inline image.</summary>
    private static void WriteParameters(Utf8JsonWriter json, Job job, JsonDocument body)
    {
        json.WriteString("prompt", job.ReadParameters().Prompt);
        json.WriteStartObject("parameters");
        foreach (var field in body.RootElement.EnumerateObject().Where(field => job.Image is null || !field.NameEquals("image"u8)))
        {
            field.WriteTo(json);
        }
        json.WriteEndObject();
    }

    private async Task WriteBodyAsync(Utf8JsonWriter json, Job job, JsonDocument body, CancellationToken cancellationToken)
    {
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
