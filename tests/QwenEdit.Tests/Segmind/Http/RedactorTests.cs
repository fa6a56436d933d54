using System.Net;
using System.Text;
using QwenEdit.Commands.Parameters;
using QwenEdit.Segmind.Contracts;
using QwenEdit.Segmind.Http;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Segmind.Http;

/// <summary>The key, a proxy's password and the signatures of addresses, told by others, are not told on.</summary>
public sealed class RedactorTests
{
    private const string Key = TestClient.ApiKey;

    /// <summary>The key as JSON's text may have it.</summary>
    public static TheoryData<string, string> Forms => new()
    {
        { Key, Key },
        { $"\\u0053{Key[1..]}", Key },
        { string.Concat(Key.Select(character => $"\\u{(int)character:x4}")), Key },
        { string.Concat(Key.Select(character => $"\\\\u{(int)character:X4}")), "u0053" },
        { Convert.ToBase64String(Encoding.ASCII.GetBytes(Key)), Core(Key) },
        { Convert.ToBase64String(Encoding.ASCII.GetBytes($"x:{Key}")), Core($"x:{Key}") },
        { Convert.ToBase64String(Encoding.ASCII.GetBytes($"user:{Key}\n")), Core($"user:{Key}\n") },
        { Convert.ToBase64String(Encoding.ASCII.GetBytes($"name:{Key}>>??")), Core($"name:{Key}>>??") },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task The_key_is_covered_in_whatever_form_it_is_echoed(string echoed, string secret)
    {
        string body = $$"""{"error": "you sent {{echoed}} to us", "status": "{{echoed}}"}""";
        await using RawServer server = RawServer.Answering(new RawAnswer(400, body), new RawAnswer(200, body));
        using TestClient client = new(server.Url);
        client.Log.WantsExchanges = true;

        QwenEditException failure = await client.SubmitInVainAsync();
        JobReport report = await client.GetStatusAsync();

        Assert.Contains("*****", failure.Message, StringComparison.Ordinal);
        Assert.Contains("you sent ", report.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, $"{failure} {report} {client.Log.Everything}", StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_text_of_backslashes_takes_no_time()
    {
        byte[] text = Encoding.ASCII.GetBytes(new string('\\', 10_000_000));

        new Redactor(Key).Cover(text);

        Assert.All(text.Take(100), character => Assert.Equal((byte)'\\', character));
    }

    [Fact]
    public void What_is_not_the_key_stays()
    {
        string text = $"SG_0123 \\u0053G_ {Convert.ToBase64String(Encoding.ASCII.GetBytes("SG_another key"))} {Key[..^1]}";

        Assert.Equal(text, new Redactor(Key).Cover(text));
        Assert.Equal(text, new Redactor(string.Empty).Cover(text));
    }

    [Fact]
    public async Task A_header_that_is_none_does_not_tell_the_key()
    {
        await using RawServer server = new(async (request, connection) =>
        {
            await connection.ReadBodyAsync(request);
            await connection.FloodAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nx-api-key {Key}\r\n\r\n"), times: 1);
        });
        using TestClient client = new(server.Url, maximumRetryCount: 0);

        QwenEditException failure = await client.SubmitInVainAsync();

        Assert.Equal(EditError.OutcomeUnknown, failure.Error);
        Assert.DoesNotContain(Key, $"{failure} {client.Log.Everything}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://somebody:s3cret@{0}/")]
    [InlineData("http://somebody:s3%40cr%2Fet@{0}/")]
    public async Task The_password_of_a_proxy_is_in_no_error(string address)
    {
        await using RawServer proxy = RawServer.Answering(RawAnswer.Error(407, headers: ("Proxy-Authenticate", "Basic realm=\"proxy\"")));
        Uri uri = new(string.Format(null, address, proxy.Url.Authority));
        using TestClient client = new(new Uri("https://name.invalid"), maximumRetryCount: 1, proxy: new WebProxy(uri));

        QwenEditException failure = await client.SubmitInVainAsync();

        Assert.Equal(EditError.ConnectionFailed, failure.Error);
        Assert.Contains("407", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3", $"{failure} {client.Log.Everything}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_http_to_this_machine_passes_no_proxy()
    {
        await using RawServer proxy = RawServer.Answering(RawAnswer.Error(502));
        await using RawServer server = RawServer.Answering(RawAnswer.Accepted());
        using TestClient client = new(server.Url, maximumRetryCount: 0, proxy: new WebProxy(proxy.Url));

        Assert.Equal("id-1", (await client.SubmitAsync()).RequestId);
        Assert.Equal(0, proxy.ConnectionCount);
    }

    [Fact]
    public async Task The_signature_of_an_output_is_not_shown()
    {
        await using RawServer files = RawServer.Answering(new RawAnswer(403, "Gone"));
        using TestClient client = new(files.Url, maximumRetryCount: 1);
        using OutputDownload download = new(client.Connection, client.Clock, client.Log);
        client.Log.WantsExchanges = true;

        QwenEditException failure = await Assert.ThrowsAsync<QwenEditException>(() => download.ReadAsync(
            new JobOutput { Url = new Uri(files.Url, "a.png?X-Signature=s3cret") }, (_, _, _) => Task.FromResult(0), new Deadline(client.Clock, client.Patience), CancellationToken.None));

        Assert.Contains($"{files.Url}a.png?…", failure.Message, StringComparison.Ordinal);
        Assert.All(files.Requests, request => Assert.Equal("/a.png?X-Signature=s3cret", request.Path));
        Assert.DoesNotContain("s3cret", $"{failure} {client.Log.Everything}", StringComparison.Ordinal);
    }

    // The characters of base64 that the key alone decides.
    private static string Core(string text)
    {
        string base64 = Convert.ToBase64String(Encoding.ASCII.GetBytes(text));
        int start = text.IndexOf(Key, StringComparison.Ordinal);
        int first = ((8 * start) + 5) / 6;
        return base64[first..(8 * (start + Key.Length) / 6)];
    }
}
