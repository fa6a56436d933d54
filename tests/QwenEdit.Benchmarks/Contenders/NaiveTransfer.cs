using System.Text;
using System.Text.Json;

namespace QwenEdit.Benchmarks.Contenders;

/// <summary>(b): all of it in memory, several times over.</summary>
internal sealed class NaiveTransfer : ITransfer
{
    /// <inheritdoc/>
    public async Task<HttpContent> BodyAsync(string path)
    {
        byte[] bytes = await File.ReadAllBytesAsync(path);
        string image = "data:image/png;base64," + Convert.ToBase64String(bytes);
        string json = JsonSerializer.Serialize(new { prompt = HttpLoop.Prompt, steps = 8, guidance = 1, seed = 1, image });
        return new StringContent(json, Encoding.UTF8, "application/json");
    }

    /// <inheritdoc/>
    public async Task SaveAsync(HttpClient http, Uri output, string path) =>
        await File.WriteAllBytesAsync(path, await http.GetByteArrayAsync(output));
}
