namespace QwenEdit.Tests.Support;

/// <summary>A request as it came through the socket, as far as it came.</summary>
internal sealed class RawRequest(string method, string path, IReadOnlyDictionary<string, string> headers)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal string Method => method;

    internal string Path => path;

    /// <summary>The headers, by their names in any case.</summary>
    internal IReadOnlyDictionary<string, string> Headers => headers;

    internal long ContentLength => headers.TryGetValue("Content-Length", out string? value) ? long.Parse(value, null) : 0;

    /// <summary>What came of the body, unless it was only counted.</summary>
    internal byte[] Body { get; set; } = [];

    /// <summary>How much of the body came.</summary>
    internal long Received { get; set; }

    /// <summary>Whether the body came as far as its length said.</summary>
    internal bool IsComplete => Received == ContentLength;

    /// <summary>Ends when the server is through with the request: answered, or broken off by either side.</summary>
    internal Task Ended => _ended.Task;

    internal void End() => _ended.TrySetResult();
}

/// <summary>An answer as it goes through the socket.</summary>
public sealed record RawAnswer(int Status, string Body = "", string ContentType = "application/json", params (string Name, string Value)[] Headers)
{
    /// <summary>A body that is no text; it takes the place of <see cref="Body"/>.</summary>
    internal byte[]? Bytes { get; init; }

    /// <summary>Whether the answer announces its length. Without one the body ends where the connection does.</summary>
    internal bool HasLength { get; init; } = true;

    /// <summary>An error in the gateway's own words.</summary>
    internal static RawAnswer Error(int status, string message = "what went wrong", params (string Name, string Value)[] headers) =>
        new(status, $$"""{"error": "{{message}}"}""", Headers: headers);

    /// <summary>What a proxy in between says.</summary>
    internal static RawAnswer Page(int status) => new(status, "<html><title>Some proxy</title><p>No luck.</p></html>", "text/html");

    /// <summary>The answer to a submission.</summary>
    internal static RawAnswer Accepted(string requestId = "id-1") => new(200, $$"""{"request_id": "{{requestId}}", "status": "QUEUED"}""");
}
