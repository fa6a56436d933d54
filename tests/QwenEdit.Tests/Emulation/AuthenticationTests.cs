using System.Net;
using QwenEdit.Imaging;

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
    public async Task A_wrong_key_is_401_in_the_words_of_the_gateway()
    {
        var answer = await PostAsync(Model, Body(), key: "SG_ffffffffffffffff");

        answer.Is(HttpStatusCode.Unauthorized, "Unauthorized. API key is invalid or may have expired");
        Assert.Equal(["error"], answer.Json.Select(field => field.Key));
        Assert.Empty(Service.Ledger.Jobs);
    }

    [Fact]
    public async Task A_bearer_token_with_the_same_key_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Service.Endpoint, "/v1/get-user-credits"));
        request.Headers.Add("Authorization", $"Bearer {Service.ApiKey}");

        using var response = await Http.SendAsync(request, Soon);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("API key is invalid", await response.Content.ReadAsStringAsync(Soon), StringComparison.Ordinal);
    }
}
