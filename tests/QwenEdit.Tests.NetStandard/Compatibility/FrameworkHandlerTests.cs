using System.Net;
using QwenEdit.Compatibility;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Compatibility;

/// <summary>On .NET Framework a POST never goes out on a connection that was used before, where it could be sent again behind the module's back.</summary>
public sealed class FrameworkHandlerTests
{
    [Fact]
    public async Task Each_submission_has_a_connection_of_its_own_and_questions_share_one()
    {
        await using RawServer server = new(async (request, connection) =>
        {
            await connection.ReadBodyAsync(request);
            // As every server must that is asked to close the connection.
            await connection.AnswerAsync(RawAnswer.Accepted() with { HasLength = !request.Headers.ContainsKey("Connection") });
        });
        using HttpMessageInvoker client = new(HttpHandlers.CreateApiHandler(null));

        await AskAsync(client, HttpMethod.Get, server.Url);
        await AskAsync(client, HttpMethod.Get, server.Url);
        Assert.Equal(1, server.ConnectionCount);
        await AskAsync(client, HttpMethod.Post, server.Url);
        await AskAsync(client, HttpMethod.Post, server.Url);
        await AskAsync(client, HttpMethod.Get, server.Url);

        Assert.Equal(3, server.ConnectionCount);
        Assert.All(server.Requests, request => Assert.Equal(
            request.Method == "POST" ? "close" : null, request.Headers.GetValueOrDefault("Connection")));
    }

#pragma warning disable SYSLIB0014 // What .NET Framework sends requests with.
    [Fact]
    public async Task The_limit_of_connections_is_lifted_for_a_host_that_was_asked_before()
    {
        await using RawServer server = RawServer.Answering(RawAnswer.Accepted());
        ServicePointManager.FindServicePoint(server.Url).ConnectionLimit = 2;
        using HttpMessageInvoker client = new(HttpHandlers.CreateApiHandler(null));

        await AskAsync(client, HttpMethod.Get, server.Url);

        Assert.Equal(256, ServicePointManager.FindServicePoint(server.Url).ConnectionLimit);
    }

    [Fact]
    public void The_version_of_TLS_is_added_only_where_versions_are_named()
    {
        SecurityProtocolType before = ServicePointManager.SecurityProtocol;
        try
        {
            ServicePointManager.SecurityProtocol = SecurityProtocolType.SystemDefault;
            HttpHandlers.CreateApiHandler(null).Dispose();
            Assert.Equal(SecurityProtocolType.SystemDefault, ServicePointManager.SecurityProtocol);

            ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls13;
            HttpHandlers.CreateApiHandler(null).Dispose();
            Assert.Equal(SecurityProtocolType.Tls12 | SecurityProtocolType.Tls13, ServicePointManager.SecurityProtocol);
        }
        finally
        {
            ServicePointManager.SecurityProtocol = before;
        }
    }
#pragma warning restore SYSLIB0014

    private static async Task AskAsync(HttpMessageInvoker client, HttpMethod method, Uri url)
    {
        using HttpRequestMessage request = new(method, url) { Content = method == HttpMethod.Post ? new StringContent("x") : null };
        using HttpResponseMessage response = await client.SendAsync(request, CancellationToken.None);
        await response.Content.ReadAsByteArrayAsync();
    }
}
