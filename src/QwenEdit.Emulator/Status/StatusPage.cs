using ImageMagick;
using QwenEdit.Emulator.Control;
using QwenEdit.Emulator.Images;
using QwenEdit.Emulator.Jobs;
using QwenEdit.Emulator.Records;
using QwenEdit.Emulator.Spool;

namespace QwenEdit.Emulator.Status;

/// <summary>The page at <c>/</c>, and the data that it polls.</summary>
internal sealed class StatusPage(EmulatorParts parts, EmulatorOptions options)
{
    private const int Recent = 24;
    private const int ThumbnailSize = 192;

    private static readonly byte[] Html = ReadHtml();

    // A page asks for many pictures at once, and a large one takes a quarter of a gigabyte while it is decoded.
    private static readonly SemaphoreSlim Decoding = new(2);

    public static async Task ShowAsync(HttpContext context)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.ContentLength = Html.Length;
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(Html, context.RequestAborted);
        }
    }

    public StatusSnapshot Snapshot()
    {
        var count = parts.Jobs.Count;
        var jobs = parts.Jobs.LookAtAll(LedgerJob.Of, Math.Max(0, count - Recent), Recent);
        jobs.Reverse();
        var requests = parts.Log.Read(Math.Max(0, parts.Log.Count - Recent));
        requests.Reverse();
        return new StatusSnapshot(
            parts.Clock.Now, parts.Clock.Ahead.TotalSeconds, options.Latency.TotalSeconds, options.Workers, options.Edit, options.CostPerJob,
            parts.Files.Endpoint.AbsoluteUri.TrimEnd('/'),
            parts.Jobs.CountStates(),
            parts.Jobs.WithMoney(() => parts.Accounts.All.Select(KeyView.Of).ToList()),
            jobs, parts.Log.Count, requests, parts.Faults.Active.Select(FaultBody.Of).ToList());
    }

    public async Task ShowThumbnailAsync(HttpContext context, string id, bool after)
    {
        var file = Guid.TryParse(id, out var parsed)
            ? parts.Jobs.Look(parsed, (job, _) => after ? job.Settled ? job.Output : null : job.Source)
            : null;
        if (file is null || await ThumbnailAsync(file, context.RequestAborted) is not { } jpeg)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        context.Response.ContentType = "image/jpeg";
        context.Response.ContentLength = jpeg.Length;
        context.Response.Headers.CacheControl = "max-age=3600";
        await context.Response.Body.WriteAsync(jpeg, context.RequestAborted);
    }

    private static async Task<byte[]?> ThumbnailAsync(SpoolFile file, CancellationToken cancellationToken)
    {
        await Decoding.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => Thumbnail(file), cancellationToken);
        }
        finally
        {
            Decoding.Release();
        }
    }

    private static byte[]? Thumbnail(SpoolFile file)
    {
        try
        {
            using var image = ImageEditor.Open(file);
            image.Thumbnail(new MagickGeometry(ThumbnailSize * 2, ThumbnailSize * 2));
            image.BackgroundColor = MagickColors.White;
            image.Alpha(AlphaAction.Remove);
            return image.ToByteArray(MagickFormat.Jpeg);
        }
        catch (Exception error) when (error is MagickException or SourceImageException)
        {
            // Not every source is an image; the page shows an empty frame then.
            return null;
        }
    }

    private static byte[] ReadHtml()
    {
        using var resource = typeof(StatusPage).Assembly.GetManifestResourceStream("index.html")!;
        var html = new byte[resource.Length];
        resource.ReadExactly(html);
        return html;
    }
}

/// <summary>What the status page shows.</summary>
internal sealed record StatusSnapshot(
    DateTimeOffset Now, double AheadSeconds, double LatencySeconds, int Workers, EditMode Edit, decimal CostPerJob, string FilesEndpoint,
    JobCounts Counts, IReadOnlyList<KeyView> Keys, IReadOnlyList<LedgerJob> Jobs,
    long RequestCount, IReadOnlyList<LedgerRequest> Requests, IReadOnlyList<FaultBody> Faults);
