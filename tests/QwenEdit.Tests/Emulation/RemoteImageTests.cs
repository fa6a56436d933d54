using System.Net;
using System.Net.Sockets;
using ImageMagick;
using QwenEdit.Emulator;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Jobs;
using QwenEdit.Emulator.Records;
using QwenEdit.Imaging;

namespace QwenEdit.Tests.Emulation;

/// <summary>An <c>image</c> that is a URL: the emulator's own files are found, and nothing is fetched from anywhere.</summary>
public sealed class RemoteImageTests : EmulatorTest
{
    private const string Remote = "https://resources.example/input/poster.png?size=large";

    [Fact]
    public async Task Another_hosts_image_is_a_placeholder()
    {
        await StartAsync(new EmulatorOptions(), edit: true);

        var edited = await DownloadAsync(await EditAsync("Change '1000$' to '5$'", ("image", Remote)));

        var info = new MagickImageInfo(edited.Bytes);
        Assert.Equal((MagickFormat.Png, 1024u, 768u), (info.Format, info.Width, info.Height));
        Assert.NotNull(Assert.Single(Service.Ledger.Jobs).ImageSha256);
    }

    [Fact]
    public async Task The_same_URL_is_always_the_same_picture_and_another_URL_another_one()
    {
        await EditAsync("x", ("image", Remote));
        await EditAsync("x", ("image", Remote));
        await EditAsync("x", ("image", "https://resources.example/other.png"));

        var hashes = Service.Ledger.Jobs.Select(job => job.ImageSha256).ToList();
        Assert.Equal(hashes[0], hashes[1]);
        Assert.NotEqual(hashes[0], hashes[2]);
    }

    [Fact]
    public async Task An_option_refuses_it()
    {
        await StartAsync(new EmulatorOptions { RemoteImages = RemoteImages.Refuse });

        (await EditAsync("x", ("image", Remote))).Is(HttpStatusCode.UnprocessableEntity, "fetches nothing from resources.example");
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("[::ffff:127.0.0.1]")]
    public async Task Another_service_of_this_machine_hears_nothing(string host)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var failed = await EditAsync("x", ("image", $"http://{host}:{port}/admin/shutdown"));

        failed.Is(HttpStatusCode.UnprocessableEntity, "fetches nothing from other services of this machine");
        Assert.False(other.Pending());
    }

    [Fact]
    public async Task The_emulators_own_ports_are_no_way_around()
    {
        await EditAsync("x", ("image", new Uri(Service.Endpoint, "/_emulator/ledger").AbsoluteUri));
        await EditAsync("x", ("image", new Uri(Service.FilesEndpoint, "/outputs/none.png").AbsoluteUri));

        Assert.All(Service.Ledger.Jobs, job => Assert.Equal(JobState.Failed, job.State));
        Assert.Empty(Service.Ledger.RequestsOn(ApiRoute.File));
    }

    [Fact]
    public async Task An_output_is_the_image_of_the_next_edit_by_either_name_of_this_machine()
    {
        var first = await EditAsync();
        var url = new Uri(first.Text("output"));

        await EditAsync("again", ("image", url.AbsoluteUri));
        await EditAsync("and again", ("image", new UriBuilder(url) { Host = "localhost" }.Uri.AbsoluteUri));

        Assert.All(Service.Ledger.Jobs, job => Assert.Equal((JobState.Completed, Service.Ledger.Jobs[0].ImageSha256), (job.State, job.ImageSha256)));
    }
}
