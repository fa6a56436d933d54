using System.Net;

namespace QwenEdit.Segmind.Http;

/// <summary>The base URL of the service, and the URLs that belong to it.</summary>
internal sealed class SegmindEndpoint
{
    /// <summary>The URL of the service.</summary>
    internal const string Default = "https://api.segmind.com";

    private SegmindEndpoint(Uri root) => Root = root;

    /// <summary>The URL that contains <c>/v1</c> and <c>/v2</c>, with a slash at its end.</summary>
    internal Uri Root { get; }

    /// <summary>Whether it uses plain http, which is only allowed to this machine.</summary>
    internal bool IsUnencrypted => Root.Scheme == "http";

    /// <summary>Parses an endpoint as users write it: with or without <c>/v1</c> or <c>/v2</c> and a slash at the end.</summary>
    /// <exception cref="QwenEditException">
    /// <see cref="EditError.InvalidEndpoint"/>: the text is not an absolute URL, or names another machine with plain http, which would send the key
    /// unencrypted.
    /// </exception>
    internal static SegmindEndpoint Parse(string endpoint)
    {
        if (!Uri.TryCreate(endpoint.Trim(), UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("https" or "http"))
        {
            throw new QwenEditException(EditError.InvalidEndpoint, $"The endpoint '{endpoint}' is not an https URL such as {Default}.");
        }

        // This check is the first, as messages must not quote a URL that may contain a secret.
        if (uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            throw new QwenEditException(
                EditError.InvalidEndpoint, $"The endpoint on {uri.Host} must have no user name, no query and no fragment. Use -ApiKey for the key.");
        }

        if (uri.Scheme == "http" && !IsLoopback(uri))
        {
            throw new QwenEditException(
                EditError.InvalidEndpoint, $"The endpoint {uri} would send the API key unencrypted. Use https; plain http is for this machine only.");
        }

        string path = uri.AbsolutePath.TrimEnd('/');
        if (path.EndsWith("/v1", StringComparison.OrdinalIgnoreCase) || path.EndsWith("/v2", StringComparison.OrdinalIgnoreCase))
        {
            path = path.Substring(0, path.Length - 3);
        }

        return new SegmindEndpoint(new Uri(uri.GetLeftPart(UriPartial.Authority) + path.TrimEnd('/') + "/"));
    }

    /// <summary>The URL to submit a job of this model: <c>POST /v2/{model}</c>.</summary>
    internal Uri Submit(string model) => new(Root, $"v2/{Uri.EscapeDataString(model)}");

    /// <summary>The URL to edit an image with this model in one request: <c>POST /v1/{model}</c>.</summary>
    internal Uri Sync(string model) => new(Root, $"v1/{Uri.EscapeDataString(model)}");

    /// <summary>The URL of a job's status: <c>GET /v2/requests/{id}/status</c>.</summary>
    internal Uri Status(string requestId) => new(Root, $"v2/requests/{Uri.EscapeDataString(requestId)}/status");

    /// <summary>The URL of a job's result: <c>GET /v2/requests/{id}</c>.</summary>
    internal Uri Result(string requestId) => new(Root, $"v2/requests/{Uri.EscapeDataString(requestId)}");

    /// <summary>The URL to upload an image to the storage: <c>POST /upload-asset</c>.</summary>
    internal Uri Upload => new(Root, "upload-asset");

    /// <summary>The URL of the account's balance: <c>GET /v1/get-user-credits</c>.</summary>
    internal Uri Credits => new(Root, "v1/get-user-credits");

    /// <summary>
    /// Returns the URL that the service named if it belongs to the endpoint (the same scheme, host and port), so that it may receive the key;
    /// otherwise the URL that is built from the request id.
    /// </summary>
    internal Uri OwnOr(string? named, Uri built) =>
        Uri.TryCreate(Root, named, out Uri? uri)
        && named is { Length: > 0 }
        && uri.UserInfo.Length == 0
        && Uri.Compare(uri, Root, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0
            ? uri
            : built;

    /// <summary>Whether both have the same host and port.</summary>
    internal bool IsSameHost(SegmindEndpoint other) =>
        Uri.Compare(Root, other.Root, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;

    private static bool IsLoopback(Uri uri) =>
        uri.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
}
