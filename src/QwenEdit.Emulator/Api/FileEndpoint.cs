using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.Jobs;
using QwenEdit.Emulator.Spool;

namespace QwenEdit.Emulator.Api;

/// <summary>The host of the files. A URL is enough to download a file.</summary>
internal sealed class FileEndpoint(FileStore files)
{
    public async Task GetAsync(ApiContext exchange)
    {
        var path = exchange.Target.Argument;
        if (files.FindAsset(path) is { } asset)
        {
            await ApiResponses.FileAsync(exchange, asset.ContentType, asset);
            return;
        }
        if (files.FindJob(path) is not { } job || job.Is(TestPrompts.FileMissing))
        {
            exchange.Note = "no such file";
            await ApiResponses.TextAsync(exchange, StatusCodes.Status404NotFound, "application/xml", "<Error><Code>NoSuchKey</Code></Error>");
            return;
        }
        exchange.Job = job;
        Interlocked.Increment(ref job.Fetched);
        await ServeAsync(exchange, job, job.Output!);
    }

    /// <summary>Sends less than the announced length, as a prompt with <c>emulate:cut-off</c> asks for.</summary>
    public Fault? FaultOf(string path) => files.FindJob(path) is { } job && job.Is(TestPrompts.CutOff)
        ? new Fault { Kind = FaultKind.EndInResponse, Name = "emulate:cut-off" } : null;

    private static async Task ServeAsync(ApiContext exchange, Job job, SpoolFile output)
    {
        var type = job.Is(TestPrompts.NoContentType) ? "application/octet-stream" : output.ContentType;
        if (job.Is(TestPrompts.Html))
        {
            await ApiResponses.HtmlAsync(exchange, StatusCodes.Status200OK, "Welcome to the network");
        }
        else if (job.Is(TestPrompts.Empty))
        {
            await ApiResponses.BytesAsync(exchange, StatusCodes.Status200OK, type, default);
        }
        else if (job.Is(TestPrompts.Truncate))
        {
            var bytes = await File.ReadAllBytesAsync(output.Path);
            await ApiResponses.BytesAsync(exchange, StatusCodes.Status200OK, type, bytes.AsMemory(0, bytes.Length / 2));
        }
        else
        {
            await ApiResponses.FileAsync(exchange, type, output);
        }
    }
}
