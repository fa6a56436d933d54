using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace QwenEdit.Diagnostics;

/// <summary>Formats one line of a log: a JSON object that begins with the time and the level and omits unknown values.</summary>
internal static class LogLine
{
    // Paths and prompts stay readable. The file is UTF-8 and is not embedded in HTML.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Formats an event, or only a message.</summary>
    internal static byte[] Of(DateTimeOffset time, string level, long runId, string message, EditEvent? what) => Write(time, level, what?.Name ?? "message", runId, json =>
    {
        if (what is not null)
        {
            Write(json, "editId", what.EditId);
            Write(json, "source", what.Source);
            Write(json, "destination", what.Destination);
            Write(json, "requestId", what.RequestId);
            Write(json, "status", what.Status);
            Write(json, "seconds", what.Seconds);
            Write(json, "cost", what.Cost);
            Write(json, "bytes", what.Bytes);
            Write(json, "error", what.Error?.ToString());
        }

        json.WriteString("message", message);
    });

    /// <summary>Formats the first line of a run.</summary>
    internal static byte[] OfStart(EditRun run, string version, int processId) => Write(run.StartedAt, "information", "run.started", run.RunId, json =>
    {
        json.WriteString("command", run.Command);
        json.WriteString("version", version);
        json.WriteString("machine", Environment.MachineName);
        json.WriteNumber("processId", processId);
    });

    /// <summary>Formats the last line of a run, with its results.</summary>
    internal static byte[] OfEnd(EditRun run) => Write(run.EndedAt!.Value, run.ExitCode == 0 ? "information" : "error", "run.ended", run.RunId, json =>
    {
        json.WriteString("command", run.Command);
        json.WriteNumber("exitCode", run.ExitCode);
        Write(json, "stoppedBy", run.StoppedBy?.ToString());
        Write(json, "seconds", run.Duration!.Value.TotalSeconds);
        Write(json, "cost", run.Cost);
        Write(json, "remainingCredits", run.RemainingCredits);
        json.WriteNumber("total", run.Total);
        json.WriteNumber("submitted", run.Submitted);
        json.WriteNumber("received", run.Received);
        json.WriteNumber("skipped", run.Skipped);
        json.WriteNumber("resumed", run.Resumed);
        json.WriteNumber("failed", run.Failed);
        json.WriteNumber("unknown", run.Unknown);
        json.WriteNumber("expired", run.Expired);
        json.WriteNumber("timedOut", run.TimedOut);
        json.WriteNumber("notReceived", run.NotReceived);
        json.WriteNumber("busy", run.Busy);
        json.WriteNumber("invalidInput", run.InvalidInput);
        json.WriteNumber("leftOut", run.LeftOut);
        json.WriteNumber("notSubmitted", run.NotSubmitted);
    });

    private static byte[] Write(DateTimeOffset time, string level, string name, long runId, Action<Utf8JsonWriter> rest)
    {
        using MemoryStream line = new(256);
        using (Utf8JsonWriter json = new(line, Options))
        {
            json.WriteStartObject();
            json.WriteString("time", time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("level", level);
            json.WriteString("event", name);
            // The run has no id until the journal has assigned one.
            Write(json, "runId", runId == 0 ? null : runId);
            rest(json);
            json.WriteEndObject();
        }

        // The JSON stays equivalent: characters to escape occur only in strings, and the escapes are valid JSON.
        return Encoding.UTF8.GetBytes(TerminalText.Escape(Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length)) + "\n");
    }

    private static void Write(Utf8JsonWriter json, string name, string? value)
    {
        if (value is { Length: > 0 })
        {
            json.WriteString(name, value);
        }
    }

    private static void Write(Utf8JsonWriter json, string name, decimal? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static void Write(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    // Rounds to the millisecond.
    private static void Write(Utf8JsonWriter json, string name, double? value) =>
        Write(json, name, value is { } seconds ? Math.Round((decimal)seconds, 3) : null);
}
