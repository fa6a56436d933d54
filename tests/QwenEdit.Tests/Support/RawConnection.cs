using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace QwenEdit.Tests.Support;

/// <summary>The server's end of one connection, which does nothing that a test did not ask for.</summary>
internal sealed class RawConnection(Socket socket, Stream stream)
{
    private readonly byte[] _buffer = new byte[64 * 1024];

    /// <summary>Whether the test has ended the connection.</summary>
    internal bool IsOver { get; private set; }

    /// <summary>Reads a request's first line and its headers; null where the client has gone or does not speak HTTP.</summary>
    internal async Task<RawRequest?> ReadHeadAsync()
    {
        List<string> lines = [];
        while (await ReadLineAsync() is { } line)
        {
            if (line.Length > 0)
            {
                lines.Add(line);
                continue;
            }

            string[] first = lines[0].Split(' ');
            return new RawRequest(first[0], first[1], lines.Skip(1).Select(header => header.Split(": ", 2))
                .ToDictionary(header => header[0], header => header[1], StringComparer.OrdinalIgnoreCase));
        }

        return null;
    }

    /// <summary>Reads what is left of the body, to its end or the connection's.</summary>
    /// <param name="request">The request.</param>
    /// <param name="keep">Whether the bytes are kept, or only counted.</param>
    internal async Task ReadBodyAsync(RawRequest request, bool keep = true)
    {
        using MemoryStream body = new();
        while (request.Received < request.ContentLength)
        {
            int count = await stream.ReadAsync(_buffer.AsMemory(0, (int)Math.Min(_buffer.Length, request.ContentLength - request.Received)));
            if (count == 0)
            {
                IsOver = true;
                break;
            }

            request.Received += count;
            if (keep)
            {
                body.Write(_buffer, 0, count);
            }
        }

        request.Body = [.. request.Body, .. body.ToArray()];
    }

    /// <summary>Sends an answer, or its first part.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="bodyBytes">How much of the body is sent; all of it unless set.</param>
    internal async Task AnswerAsync(RawAnswer answer, int? bodyBytes = null)
    {
        byte[] body = answer.Bytes ?? Encoding.UTF8.GetBytes(answer.Body);
        StringBuilder head = new();
        head.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {answer.Status} Test\r\nContent-Type: {answer.ContentType}\r\n");
        head.Append(answer.HasLength ? $"Content-Length: {body.Length}\r\n" : "Connection: close\r\n");
        foreach ((string name, string value) in answer.Headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        byte[] bytes = [.. Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), .. body.AsSpan(0, bodyBytes ?? body.Length)];
        await stream.WriteAsync(bytes);
        if (!answer.HasLength)
        {
            Close();
        }
    }

    /// <summary>Sends bytes as they are, until the client has had enough.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="times">How often at most.</param>
    /// <returns>How many bytes were sent.</returns>
    internal async Task<long> FloodAsync(byte[] bytes, int times)
    {
        long sent = 0;
        try
        {
            for (; times > 0; times--)
            {
                await stream.WriteAsync(bytes);
                sent += bytes.Length;
            }
        }
        catch (IOException)
        {
            // The client has broken off.
        }

        IsOver = true;
        return sent;
    }

    /// <summary>Ends the connection as if nothing were wrong.</summary>
    internal void Close()
    {
        IsOver = true;
        socket.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Breaks the connection: closing without lingering sends RST instead of FIN.</summary>
    internal void Reset()
    {
        IsOver = true;
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Close();
    }

    private async Task<string?> ReadLineAsync()
    {
        StringBuilder line = new();
        byte[] one = new byte[1];
        while (line.Length < 10_000 && await stream.ReadAsync(one) == 1)
        {
            if (one[0] == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            // A TLS handshake, for one, has bytes that no header has. Servers of plain HTTP say so.
            if (one[0] is 0 or > 126)
            {
                await AnswerAsync(RawAnswer.Page(400));
                return null;
            }

            line.Append((char)one[0]);
        }

        return null;
    }
}
