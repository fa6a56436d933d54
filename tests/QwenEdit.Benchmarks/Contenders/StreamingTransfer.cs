using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace QwenEdit.Benchmarks.Contenders;

/// <summary>(a): a buffer at a time both ways, as somebody writes it who knows how.</summary>
internal sealed class StreamingTransfer : ITransfer
{
    private const int BufferSize = 48 * 1024;

    /// <inheritdoc/>
    public Task<HttpContent> BodyAsync(string path) => Task.FromResult<HttpContent>(new Body(path));

    /// <inheritdoc/>
    public async Task SaveAsync(HttpClient http, Uri output, string path)
    {
        using HttpResponseMessage response = await http.GetAsync(output, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        await using FileStream file = new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1, useAsync: true);
        await response.Content.CopyToAsync(file);
    }

    private sealed class Body : HttpContent
    {
        private static readonly byte[] Head = Encoding.UTF8.GetBytes(
            $$"""{"prompt":"{{HttpLoop.Prompt}}","steps":8,"guidance":1,"seed":1,"image":"data:image/png;base64,""");

        private static readonly byte[] Tail = "\"}"u8.ToArray();

        private readonly string _path;
        private readonly long _length;

        internal Body(string path)
        {
            _path = path;
            _length = new FileInfo(path).Length;
            Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            byte[] bytes = ArrayPool<byte>.Shared.Rent(BufferSize);
            byte[] text = ArrayPool<byte>.Shared.Rent(Base64.GetMaxEncodedToUtf8Length(BufferSize));
            await using FileStream file = new(_path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, useAsync: true);
            await stream.WriteAsync(Head);
            int read;
            while ((read = await file.ReadAtLeastAsync(bytes.AsMemory(0, BufferSize), BufferSize, throwOnEndOfStream: false)) > 0)
            {
                Base64.EncodeToUtf8(bytes.AsSpan(0, read), text, out _, out int written);
                await stream.WriteAsync(text.AsMemory(0, written));
            }

            await stream.WriteAsync(Tail);
            ArrayPool<byte>.Shared.Return(bytes);
            ArrayPool<byte>.Shared.Return(text);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = Head.Length + ((_length + 2) / 3 * 4) + Tail.Length;
            return true;
        }
    }
}
