using QwenEdit.Segmind.Http;

namespace QwenEdit.Tests.Segmind.Http;

/// <summary>Where the key may go: https anywhere the user says, http to this machine only, and no URL of a stranger.</summary>
public sealed class SegmindEndpointTests
{
    [Theory]
    [InlineData("https://api.segmind.com", "https://api.segmind.com/")]
    [InlineData("https://api.segmind.com/", "https://api.segmind.com/")]
    [InlineData("https://api.segmind.com/v1", "https://api.segmind.com/")]
    [InlineData("https://api.segmind.com/v1/", "https://api.segmind.com/")]
    [InlineData("https://api.segmind.com/v2", "https://api.segmind.com/")]
    [InlineData("https://api.segmind.com/V2//", "https://api.segmind.com/")]
    [InlineData(" https://API.Segmind.com:443/v2 ", "https://api.segmind.com/")]
    [InlineData("https://gateway.example.com:8443/segmind/v2", "https://gateway.example.com:8443/segmind/")]
    [InlineData("https://gateway.example.com/segmind-v2", "https://gateway.example.com/segmind-v2/")]
    [InlineData("http://localhost:5000", "http://localhost:5000/")]
    [InlineData("http://127.0.0.1:5000/v1", "http://127.0.0.1:5000/")]
    [InlineData("http://127.8.9.10", "http://127.8.9.10/")]
    [InlineData("http://[::1]:5000/v2/", "http://[::1]:5000/")]
    public void An_endpoint_is_read_with_and_without_its_version(string endpoint, string root) =>
        Assert.Equal(root, SegmindEndpoint.Parse(endpoint).Root.AbsoluteUri);

    [Theory]
    [InlineData("")]
    [InlineData("api.segmind.com")]
    [InlineData("api.segmind.com:443")]
    [InlineData("/v2")]
    [InlineData("ftp://api.segmind.com")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://api.segmind.com")]
    [InlineData("http://10.0.0.1")]
    [InlineData("http://localhost.example.com")]
    [InlineData("http://0.0.0.0:5000")]
    [InlineData("https://name:secret@api.segmind.com")]
    [InlineData("http://name:secret@127.0.0.1")]
    [InlineData("http://name:secret@api.segmind.com")]
    [InlineData("https://api.segmind.com/?key=secret")]
    [InlineData("https://api.segmind.com/#secret")]
    public void What_the_key_may_not_go_to_is_refused(string endpoint)
    {
        QwenEditException failure = Assert.Throws<QwenEditException>(() => SegmindEndpoint.Parse(endpoint));
        Assert.Equal(EditError.InvalidEndpoint, failure.Error);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_in_a_path_can_not_lead_out_of_it()
    {
        SegmindEndpoint endpoint = SegmindEndpoint.Parse("https://gateway.example.com/segmind/v2");
        Assert.Equal("https://gateway.example.com/segmind/v2/qwen-image-edit-fast", endpoint.Submit("qwen-image-edit-fast").AbsoluteUri);
        Assert.Equal("https://gateway.example.com/segmind/v2/a%2F..%2Fb%3Fc", endpoint.Submit("a/../b?c").AbsoluteUri);
        Assert.Equal("https://gateway.example.com/segmind/v2/requests/id%2F1/status", endpoint.Status("id/1").AbsoluteUri);
        Assert.Equal("https://gateway.example.com/segmind/v2/requests/id-1", endpoint.Result("id-1").AbsoluteUri);
    }

    [Theory]
    [InlineData("https://api.segmind.com/v2/requests/id-1/status")]
    [InlineData("https://API.segmind.com:443/elsewhere?x=1")]
    [InlineData("/v3/requests/id-1")]
    public void A_polling_URL_of_the_endpoints_own_is_used(string named) => Assert.Equal(new Uri(Api.Root, named), Api.OwnOr(named, Built));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("https://segmind.com/v2/requests/id-1")]
    [InlineData("https://api.segmind.com.example.com/v2/requests/id-1")]
    [InlineData("https://api.segmind.com@example.com/v2/requests/id-1")]
    [InlineData("https://name@api.segmind.com/v2/requests/id-1")]
    [InlineData("https://api.segmind.com:444/v2/requests/id-1")]
    [InlineData("http://api.segmind.com/v2/requests/id-1")]
    [InlineData("http://api.segmind.com:443/v2/requests/id-1")]
    [InlineData("//example.com/v2/requests/id-1")]
    [InlineData("\\\\example.com\\v2")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://")]
    public void Any_other_is_built_from_the_request_id(string? named) => Assert.Equal(Built, Api.OwnOr(named, Built));

    private static SegmindEndpoint Api => SegmindEndpoint.Parse(SegmindEndpoint.Default);

    private static Uri Built => Api.Status("id-1");
}
