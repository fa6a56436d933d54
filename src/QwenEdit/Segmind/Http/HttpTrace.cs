using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using QwenEdit.Segmind.Contracts;

namespace QwenEdit.Segmind.Http;

/// <summary>Requests and answers as texts for whoever debugs: without the key, and with every image by its length.</summary>
internal static class HttpTrace
{
    private static readonly string[] Secrets = ["x-api-key", "Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie"];

    /// <summary>A request that is about to be sent.</summary>
    /// <param name="name">Its verb and URL.</param>
    /// <param name="request">The request, with the key.</param>
    /// <param name="defaults">Headers that every request of the client has.</param>
    /// <param name="secret">The key.</param>
    internal static string OfRequest(string name, HttpRequestMessage request, HttpRequestHeaders defaults, Redactor secret)
    {
        StringBuilder text = new(name);
        IEnumerable<KeyValuePair<string, IEnumerable<string>>> own = request.Headers;
        Write(text, own.Concat(defaults.Where(header => !request.Headers.Contains(header.Key))));
        if (request.Content is { } content)
        {
            // Of a body that is not buffered, the length is a header only once it was asked for.
            _ = content.Headers.ContentLength;
            Write(text, content.Headers);
            Write(text, (content as SubmissionBody)?.Describe());
        }

        return secret.Cover(text.ToString());
    }

    /// <summary>An answer.</summary>
    /// <param name="name">The verb and the URL of its request.</param>
    /// <param name="response">The answer.</param>
    /// <param name="body">Its body; <see langword="null"/> where it is an image that goes to its file as it comes.</param>
    /// <param name="secret">The key, which a proxy in between may have shown; <see langword="null"/> where it was not sent.</param>
    internal static string OfAnswer(string name, HttpResponseMessage response, byte[]? body, Redactor? secret)
    {
        StringBuilder text = new($"{(int)response.StatusCode} {response.ReasonPhrase} to {name}");
        Write(text, response.Headers);
        Write(text, response.Content.Headers);
        Write(text, body is null ? "<the image>" : Body(body));
        return secret?.Cover(text.ToString()) ?? text.ToString();
    }

    /// <summary>A body, as JSON if it is some.</summary>
    internal static string Body(byte[] body)
    {
        try
        {
            return body.Length == 0 ? string.Empty : JsonPreview.Of(body);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The latter: text that is no UTF-8.
            return JsonPreview.Text(Encoding.UTF8.GetString(body));
        }
    }

    private static void Write(StringBuilder text, IEnumerable<KeyValuePair<string, IEnumerable<string>>> headers)
    {
        foreach (KeyValuePair<string, IEnumerable<string>> header in headers)
        {
            bool isSecret = Secrets.Contains(header.Key, StringComparer.OrdinalIgnoreCase);
            text.Append('\n').Append(header.Key).Append(": ").Append(isSecret ? "***" : UrlRedactor.WithoutSecrets(string.Join(", ", header.Value)));
        }
    }

    private static void Write(StringBuilder text, string? body)
    {
        if (body is { Length: > 0 })
        {
            text.Append("\n\n").Append(body);
        }
    }
}
