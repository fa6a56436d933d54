using QwenEdit.Emulator;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

public sealed class InputUriTests : CommandTest
{
    // The emulator fetches nothing, and has a picture for every address that is not this machine's.
    private const string Web = "https://images.example";

    [Theory]
    [InlineData("Invoke-QwenImageEdit -Uri $web/poster.jpg -Prompt 'Make it red'")]
    [InlineData("Invoke-QwenImageEdit -Path $web/poster.jpg -Prompt 'Make it red'")]
    [InlineData("\"$web/poster.jpg\" | Invoke-QwenImageEdit -Prompt 'Make it red'")]
    [InlineData("[uri] \"$web/poster.jpg\" | Invoke-QwenImageEdit -Prompt 'Make it red'")]
    [InlineData("[pscustomobject]@{ Uri = \"$web/poster.jpg\" } | Invoke-QwenImageEdit -Prompt 'Make it red'")]
    [InlineData("Invoke-QwenImageEdit -Uri ([uri] \"$web/poster.jpg\") -Prompt 'Make it red'")]
    public async Task Has_the_service_fetch_an_address_and_writes_into_the_current_folder(string script)
    {
        Host.Set("web", Web);

        ScriptRun run = (await RunAsync(script)).WithoutErrors();

        Assert.Equal([$"{Web}/poster.jpg"], run.Values("Source"));
        Assert.Equal([Folder["poster-edited.png"]], run.Values("Destination"));
        Assert.Equal(["poster-edited.png"], Folder.Files);
    }

    [Theory]
    [InlineData("/photos/%E6%B5%B7%E6%8A%A5.png", "海报-edited.png")]
    [InlineData("/a%2Fb.png?size=large", "b-edited.png")]
    [InlineData("/a%20b.png", "a b-edited.png")]
    [InlineData("/", "images.example-edited.png")]
    [InlineData("/photos/", "photos-edited.png")]
    public async Task Names_the_file_after_the_address(string path, string file)
    {
        Host.Set("address", Web + path);

        (await RunAsync("Invoke-QwenImageEdit -Uri $address 'Make it red'")).WithoutErrors();

        Assert.Equal([file], Folder.Files);
    }

    [Fact]
    public async Task Takes_files_and_addresses_in_one_pipeline()
    {
        Host.Set("web", Web);
        Folder.Image("a.png");

        (await RunAsync("'a.png', \"$web/b.png\" | Invoke-QwenImageEdit -Prompt 'Make it red' -DestinationPath out")).WithoutErrors();

        Assert.Equal(["a.png", "out/a.png", "out/b.png"], Folder.Files);
    }

    [Fact]
    public async Task An_address_that_the_service_can_not_fetch_is_a_failed_edit()
    {
        ScriptRun run = await RunAsync("Invoke-QwenImageEdit -Uri http://127.0.0.1/poster.png -Prompt 'Make it red'");

        Assert.Equal("http://127.0.0.1/poster.png", run.SingleError(EditError.JobFailed).TargetObject);
        Assert.Equal(["Failed"], run.Values("Status").Select(status => status!.ToString()));
    }

    [Fact]
    public async Task A_result_can_be_edited_again_where_it_lies_at_the_service()
    {
        Folder.Image("a.png");

        (await RunAsync("""
            $first = Invoke-QwenImageEdit a.png 'Make it red'
            Invoke-QwenImageEdit -Uri $first.OutputUrl 'Make it blue' -DestinationPath b.png
            """)).WithoutErrors();

        Assert.Contains("b.png", Folder.Files);
        Assert.All(Emulator.Ledger.RequestsOn(ApiRoute.File), request => Assert.Null(request.KeyId));
    }
}
