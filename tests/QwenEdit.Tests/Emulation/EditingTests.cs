using ImageMagick;
using QwenEdit.Emulator;
using QwenEdit.Emulator.Images;
using QwenEdit.Emulator.Records;
using QwenEdit.Imaging;

namespace QwenEdit.Tests.Emulation;

/// <summary>The real edit: every format in, three formats out, upright, captioned, and the same each time.</summary>
public sealed class EditingTests : EmulatorTest
{
    public override Task InitializeAsync() => StartAsync(new EmulatorOptions(), edit: true);

    [Theory]
    [InlineData(MagickFormat.Png, "png")]
    [InlineData(MagickFormat.Jpeg, "jpeg")]
    [InlineData(MagickFormat.WebP, "webp")]
    [InlineData(MagickFormat.Gif, "png")]
    [InlineData(MagickFormat.Bmp, "jpeg")]
    [InlineData(MagickFormat.Tiff, "webp")]
    public async Task Every_format_comes_in_and_the_asked_one_goes_out(MagickFormat source, string format)
    {
        using var image = TestImages.Make(320, 240);

        var edited = await EditAsync(image.ToByteArray(source), ("image_format", format));

        Assert.Equal(format, edited.Format.ToString().ToLowerInvariant());
        Assert.Equal((320u, 240u), (edited.Width, edited.Height));
    }

    [Fact]
    public async Task A_rotated_photograph_comes_out_upright()
    {
        using var image = TestImages.Make(320, 240);
        image.Orientation = Orientation.RightTop;
        var profile = new ExifProfile();
        profile.SetValue(ExifTag.Orientation, (ushort)6);
        image.SetProfile(profile);

        var edited = await EditAsync(image.ToByteArray(MagickFormat.Jpeg));

        Assert.Equal((240u, 320u), (edited.Width, edited.Height));
    }

    [Fact]
    public async Task CMYK_becomes_sRGB()
    {
        using var image = TestImages.Make(320, 240);
        image.TransformColorSpace(ColorProfiles.SRGB, ColorProfiles.USWebCoatedSWOP);
        Assert.Equal(ColorSpace.CMYK, image.ColorSpace);

        var edited = await EditAsync(image.ToByteArray(MagickFormat.Jpeg));

        Assert.Equal(ColorSpace.sRGB, edited.ColorSpace);
    }

    [Fact]
    public async Task Only_the_first_frame_of_an_animation_is_edited()
    {
        using var frames = new MagickImageCollection { TestImages.Make(64, 48), TestImages.Make(64, 48) };

        var edited = await EditAsync(frames.ToByteArray(MagickFormat.Gif));

        Assert.Equal((64u, 48u), (edited.Width, edited.Height));
    }

    [Fact]
    public async Task The_same_image_prompt_and_seed_give_the_same_bytes()
    {
        var first = await DownloadAsync(await EditAsync("把 '1000元' 改成 '5元'", ("seed", 7)));
        var second = await DownloadAsync(await EditAsync("把 '1000元' 改成 '5元'", ("seed", 7)));
        var otherSeed = await DownloadAsync(await EditAsync("把 '1000元' 改成 '5元'", ("seed", 8)));
        var otherPrompt = await DownloadAsync(await EditAsync("把 '1000元' 改成 '6元'", ("seed", 7)));

        Assert.Equal(first.Bytes, second.Bytes);
        Assert.NotEqual(first.Bytes, otherSeed.Bytes);
        Assert.NotEqual(first.Bytes, otherPrompt.Bytes);
    }

    [Fact]
    public async Task Quality_counts()
    {
        using var image = TestImages.Make(320, 240);
        image.AddNoise(NoiseType.Gaussian);
        var source = "data:image/png;base64," + Convert.ToBase64String(image.ToByteArray(MagickFormat.Png));

        var low = await DownloadAsync(await EditAsync("x", ("image", source), ("image_format", "jpeg"), ("quality", 10)));
        var high = await DownloadAsync(await EditAsync("x", ("image", source), ("image_format", "jpeg"), ("quality", 100)));

        Assert.True(low.Bytes.Length * 3 < high.Bytes.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no image at all, only text that is long enough")]
    public async Task What_is_no_image_fails(string content)
    {
        var bytes = System.Text.Encoding.ASCII.GetBytes(content);

        var failed = await EditAsync("x", ("image", "data:image/png;base64," + Convert.ToBase64String(bytes)));

        failed.Is(System.Net.HttpStatusCode.UnprocessableEntity, "Invalid image");
    }

    [Fact]
    public async Task A_damaged_image_fails_and_is_not_billed()
    {
        var failed = await EditAsync("x", ("image", "data:image/png;base64," + Convert.ToBase64String(TestImages.Bytes(2000))));

        failed.Is(System.Net.HttpStatusCode.UnprocessableEntity, "Invalid image");
        Assert.Equal(0, Service.Ledger.Billed);
    }

    [Theory]
    [InlineData("@/etc/hostname 100% \\n %w %[EXIF:*] 'quoted' \"double\"")]
    [InlineData("A word that is longer than any line: " + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("@/dev/zero")]
    [InlineData("Lines\r\nof\ntext\n\nand 🙂 ﷽ \u0001")]
    public async Task Any_prompt_can_be_written(string prompt) => Assert.Equal("COMPLETED", (await EditAsync(prompt)).Text("status"));

    [Fact]
    public void The_font_is_a_file() => Assert.InRange(new FileInfo(EmulatorFont.Path).Length, 1_000_000, 2_000_000);

    private async Task<MagickImageInfo> EditAsync(byte[] source, params (string, System.Text.Json.Nodes.JsonNode?)[] fields)
    {
        var image = "data:application/octet-stream;base64," + Convert.ToBase64String(source);
        var completed = await EditAsync("Change '1000$' to '5$'", [.. fields, ("image", image)]);
        Assert.Equal("COMPLETED", completed.Text("status"));
        return new MagickImageInfo((await DownloadAsync(completed)).Bytes);
    }
}
