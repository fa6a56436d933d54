using System.Text.Json;
using QwenEdit.Emulator.Bodies;
using QwenEdit.Emulator.Images;
using QwenEdit.Emulator.Spool;

namespace QwenEdit.Emulator.Api;

/// <summary>Stores the images of data URLs and answers with public URLs, which can be an edit's <c>image</c>.</summary>
internal sealed class UploadEndpoint(RequestAdmission admission, SourceImages sources, SpoolFolder spool, FileStore files)
{
    public async Task UploadAsync(ApiContext exchange)
    {
        if (await admission.EnterAsync(exchange) is null)
        {
            return;
        }
        using var reader = new JsonBodyReader(spool);
        var body = await reader.ReadAsync(exchange.Context.Request.BodyReader, bytes => exchange.BytesRead += bytes, exchange.Aborted);
        List<SpoolFile> images;
        try
        {
            images = (reader.Error ?? reader.InvalidImage) is { } unusable ? throw new SourceImageException(unusable) : Read(body, reader.Images);
        }
        catch (Exception error) when (error is JsonException or SourceImageException)
        {
            await ApiResponses.ErrorAsync(exchange, StatusCodes.Status400BadRequest, error.Message);
            return;
        }
        await ApiResponses.JsonAsync(exchange, StatusCodes.Status200OK, json =>
        {
            json.WriteStartArray("file_urls");
            foreach (var image in images)
            {
                json.WriteStringValue(files.AddAsset(image));
            }
            json.WriteEndArray();
            json.WriteString("message", "Files uploaded successfully");
        });
    }

    private List<SpoolFile> Read(ReadOnlyMemory<byte> body, IReadOnlyList<InlineImage> spooled)
    {
        using var document = JsonDocument.Parse(body);
        var isObject = document.RootElement.ValueKind is JsonValueKind.Object;
        if (!isObject || !document.RootElement.TryGetProperty("data_urls", out var urls) || urls.ValueKind is not JsonValueKind.Array || urls.GetArrayLength() == 0)
        {
            throw new SourceImageException("Missing required field: data_urls");
        }
        return [.. urls.EnumerateArray().Select(url => Image(url.ValueKind is JsonValueKind.String ? url.GetString()! : "", spooled).File)];
    }

    private InlineImage Image(string url, IReadOnlyList<InlineImage> spooled)
    {
        var image = BodyPlaceholder.Index(url) is { } index ? spooled[index] : sources.DecodeInline(url);
        return image is { Prefix.Length: > 0 } ? image : throw new SourceImageException("Invalid value for data_urls: data URIs are expected");
    }
}
