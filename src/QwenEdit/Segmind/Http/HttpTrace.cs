using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using QwenEdit.Segmind.Contracts;

namespace QwenEdit.Segmind.Http;

/// <summary>Formats requests and responses for debugging, without the key, and with a placeholder for each image.</summary>
internal static class HttpTrace
{
    private static readonly string[] Secrets = ["x-api-key", "Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie"];

    /// <summary>Formats a request before it is sent.</summary>
    /// <param name="name">Its verb and URL.</param>
    /// <param name="request">The request, with the key.</param>
    /// <param name="defaults">Headers that the client adds to each request.</param>
    /// <param name="secret">The key.</param>
    internal static string OfRequest(string name, HttpRequestMessage request, HttpRequestHeaders defaults, Redactor secret)
    {
        StringBuilder text = new(name);
        IEnumerable<KeyValuePair<string, IEnumerable<string>>> own = request.Headers;
        Write(text, own.Concat(defaults.Where(header => !request.Headers.Contains(header.Key))));
        if (request.Content is { } content)
        {
            // For a body that is not buffered, the header exists only after this property is read.
            _ = content.Headers.ContentLength;
            Write(text, content.Headers);
            Write(text, (content as SubmissionBody)?.Describe());
        }

        return secret.Cover(text.ToString());
    }

    /// <summary>Formats a response.</summary>
    /// <param name="name">The verb and the URL of the request.</param>
    /// <param name="response">The response.</param>
    /// <param name="body">The body; <see langword="null"/> if it is an image that is written to a file as it arrives.</param>
    /// <param name="secret">The key, which a proxy may have returned; <see langword="null"/> if the key was not sent.</param>
    internal static string OfAnswer(string name, HttpResponseMessage response, byte[]? body, Redactor? secret)
    {
        StringBuilder text = new($"{(int)response.StatusCode} {response.ReasonPhrase} to {name}");
        Write(text, response.Headers);
        Write(text, response.Content.Headers);
        Write(text, body is null ? "<the image>" : Body(body));
        return secret?.Cover(text.ToString()) ?? text.ToString();
    }

    /// <summary>Formats a body, as JSON if possible.</summary>
    internal static string Body(byte[] body)
    {
        try
        {
            return body.Length == 0 ? string.Empty : JsonPreview.Of(body);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException means that a string is not valid UTF-8.
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
