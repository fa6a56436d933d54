using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using QwenEdit.Segmind.Http;

namespace QwenEdit.Segmind.Contracts;

/// <summary>A local image to send. Each try opens it once and reads it once from start to end.</summary>
/// <param name="MediaType">Such as <c>image/png</c>.</param>
/// <param name="Length">The image's size in bytes.</param>
/// <param name="Open">Opens the image.</param>
internal sealed record ImagePayload(string MediaType, long Length, Func<Stream> Open);

/// <summary>A submission.</summary>
/// <param name="Model">The model, which is a part of the URL.</param>
/// <param name="Fields">The fields, as a JSON object in UTF-8 that is not empty: see <see cref="EditFields"/>.</param>
/// <param name="Image">The local image, which is sent as a further field; <see langword="null"/> if a field contains a URL.</param>
internal sealed record SubmitRequest(string Model, byte[] Fields, ImagePayload? Image);

/// <summary>
/// The body of a submission or of an upload. It streams the image from the disk to the network as base64. It knows whether the HTTP stack has begun
/// to read it, and can be sent only once: a second submission would be billed again.
/// </summary>
internal sealed class SubmissionBody : HttpContent
{
    private const int Unused = 0;
    private const int Begun = 1;
    private const int Withdrawn = 2;

    // Three bytes become four characters. The size is a multiple of three, so that padding occurs only at the end. Its base64 has 64 KiB, which the
    // pool keeps and which stays out of the large object heap, which is rarely collected.
    private const int ReadSize = 48 * 1024;

    private readonly byte[] _before;
    private readonly ImagePayload? _image;
    private readonly byte[] _after;
    private readonly CancellationToken _cancellationToken;
    private int _use;

    /// <summary>Creates the body of a submission.</summary>
    /// <param name="request">What is sent.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    internal SubmissionBody(SubmitRequest request, CancellationToken cancellationToken)
        // The image is inserted before the closing brace of the object.
        : this(
            request.Image is { } image
                ? [.. request.Fields.AsSpan(0, request.Fields.Length - 1), .. Encoding.UTF8.GetBytes($",\"image\":\"{DataUri(image)}")]
                : request.Fields,
            request.Image,
            request.Image is null ? string.Empty : "\"}",
            cancellationToken)
    {
    }

    private SubmissionBody(byte[] before, ImagePayload? image, string after, CancellationToken cancellationToken)
    {
        _before = before;
        _image = image;
        _after = Encoding.ASCII.GetBytes(after);
        _cancellationToken = cancellationToken;
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    /// <summary>Creates the body of an upload: <c>{"data_urls": ["data:…"]}</c>.</summary>
    internal static SubmissionBody OfUpload(ImagePayload image, CancellationToken cancellationToken) =>
        new(Encoding.UTF8.GetBytes($"{{\"data_urls\":[\"{DataUri(image)}"), image, "\"]}", cancellationToken);

    /// <summary>Returns the body for people to read, with a placeholder for the image.</summary>
    internal string Describe() => HttpTrace.Body(
        _image is null ? _before : [.. _before, .. Encoding.ASCII.GetBytes(JsonPreview.Image(Characters(_image))), .. _after]);

    /// <summary>Whether the HTTP stack has begun to read the body. From then on the service may have received it.</summary>
    internal bool HasBegun => Volatile.Read(ref _use) == Begun;

    /// <summary>Ensures that the body is never sent, unless sending has begun.</summary>
    /// <returns>Whether nothing was sent and nothing will be sent, even if the HTTP stack asks for the body later.</returns>
    internal bool Withdraw() => Interlocked.CompareExchange(ref _use, Withdrawn, Unused) != Begun;

    /// <summary>Why the image could not be read to its end. The body is then incomplete.</summary>
    internal Exception? SourceFailure { get; private set; }

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        if (Interlocked.CompareExchange(ref _use, Begun, Unused) != Unused)
        {
            throw new InvalidOperationException("The body of a submission is sent once only, and not after it was withdrawn.");
        }

        if (_image is null)
        {
            await stream.WriteAsync(_before, 0, _before.Length, _cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await SendWithImageAsync(stream, _image).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = _before.Length + (_image is null ? 0 : Characters(_image)) + _after.Length;
        return true;
    }

    private async Task SendWithImageAsync(Stream stream, ImagePayload image)
    {
        using Stream source = FromSource(image.Open);
        await stream.WriteAsync(_before, 0, _before.Length, _cancellationToken).ConfigureAwait(false);
        int size = (int)Math.Min(ReadSize, image.Length);
        byte[] bytes = ArrayPool<byte>.Shared.Rent(size);
        byte[] text = ArrayPool<byte>.Shared.Rent(Base64.GetMaxEncodedToUtf8Length(size));
        try
        {
            long left = image.Length;
            while (left > 0)
            {
                int count = (int)Math.Min(left, size);
                Fill(source, bytes, count);
                left -= count;
                if (left == 0)
                {
                    ExpectEnd(source);
                }

                Base64.EncodeToUtf8(bytes.AsSpan(0, count), text, out _, out int written);
                await stream.WriteAsync(text, 0, written, _cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            ArrayPool<byte>.Shared.Return(text);
        }

        await stream.WriteAsync(_after, 0, _after.Length, _cancellationToken).ConfigureAwait(false);
    }

    private static long Characters(ImagePayload image) => (image.Length + 2) / 3 * 4;

    // The prefix of the data URI; the base64 follows it.
    private static string DataUri(ImagePayload image) => $"data:{image.MediaType};base64,";

    private void Fill(Stream source, byte[] buffer, int count)
    {
        int filled = 0;
        while (filled < count)
        {
            int read = Read(source, buffer, filled, count - filled);
            if (read == 0)
            {
                throw SourceFailure = new IOException("The file became shorter while it was being sent.");
            }

            filled += read;
        }
    }

    // Runs before the last part is sent, so that the body stays incomplete if the file has become longer.
    private void ExpectEnd(Stream source)
    {
        if (Read(source, new byte[1], 0, 1) != 0)
        {
            throw SourceFailure = new IOException("The file became longer while it was being sent.");
        }
    }

    // Reads synchronously: the file was just read for its hash and is cached, so that an asynchronous read would cost more.
    private int Read(Stream source, byte[] buffer, int offset, int count)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return source.Read(buffer, offset, count);
        }
        catch (IOException exception)
        {
            SourceFailure = exception;
            throw;
        }
    }

    private Stream FromSource(Func<Stream> open)
    {
        try
        {
            return open();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            SourceFailure = exception;
            throw new IOException(exception.Message, exception);
        }
    }
}
