using System.Net;

namespace QwenEdit.Tests.Emulation;

/// <summary>segmind-api.md, Authentication.</summary>
public sealed class AuthenticationTests : EmulatorTest
{
    [Fact]
    public void A_key_is_SG_and_16_hexadecimal_characters() => Assert.Matches("^SG_[0-9a-f]{16}$", Service.ApiKey);

    [Fact]
    public async Task The_key_goes_in_x_api_key() => Assert.Equal(HttpStatusCode.OK, (await GetAsync("/v1/get-user-credits")).Status);

    [Fact]
    public async Task Without_a_key_401_says_so() =>
        (await GetAsync("/v1/get-user-credits", key: null)).Is(HttpStatusCode.Unauthorized, "Missing Authorization or x-api-key in header");

    [Fact]
    public async Task A_wrong_key_is_401_in_the_other_shape()
    {
        var answer = await PostAsync(Model, Body(), key: "SG_ffffffffffffffff");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Equal("invalid_api_key", answer.Text("error"));
        Assert.NotEmpty(answer.Text("error_description"));
        Assert.Equal(401, answer.Json["status_code"]!.GetValue<int>());
        Assert.Empty(Service.Ledger.Jobs);
    }

    [Fact]
    public async Task A_bearer_token_with_the_same_key_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Service.Endpoint, "/v1/get-user-credits"));
        request.Headers.Add("Authorization", $"Bearer {Service.ApiKey}");

        using var response = await Http.SendAsync(request, Soon);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }
}
