using System.Buffers.Binary;
using System.IO.Hashing;
using System.Net;
using QwenEdit.Commands.Parameters;
using QwenEdit.Emulator;
using QwenEdit.Emulator.Images;
using QwenEdit.Emulator.Records;
using QwenEdit.Emulator.Spool;
using QwenEdit.Imaging;

namespace QwenEdit.Tests.Emulation;

/// <summary>What others on the same machine, or an image, could do to it.</summary>
public sealed class PrivacyTests : EmulatorTest
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public override Task InitializeAsync() => StartAsync(new EmulatorOptions(), edit: true);

    [Fact]
    public async Task Nobody_else_can_enter_the_folder_of_the_images()
    {
        var parent = Directory.CreateTempSubdirectory("emulator-test-");
        try
        {
            await using var emulator = await SegmindEmulator.StartAsync(new EmulatorOptions { SpoolFolder = parent.FullName });

            var folder = Assert.Single(parent.EnumerateDirectories());
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(OwnerOnly, folder.UnixFileMode);
            }
        }
        finally
        {
            parent.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task An_emulator_that_starts_leaves_the_folders_of_those_that_live_alone()
    {
        var parent = Directory.CreateTempSubdirectory("emulator-test-");
        try
        {
            var options = new EmulatorOptions { SpoolFolder = parent.FullName };
            await using var first = await SegmindEmulator.StartAsync(options);
            var folder = Assert.Single(parent.EnumerateDirectories()).Name;
            await using var second = await SegmindEmulator.StartAsync(options);
            await using var third = await SegmindEmulator.StartAsync(options);

            Assert.Equal(3, parent.EnumerateDirectories().Count());
            Assert.Contains(folder, parent.EnumerateDirectories().Select(found => found.Name));
        }
        finally
        {
            parent.Delete(recursive: true);
        }
    }

    [Fact]
    public void The_font_is_in_a_folder_that_nobody_else_can_enter()
    {
        var folder = new FileInfo(EmulatorFont.Path).Directory!;

        Assert.NotEqual(Path.TrimEndingDirectorySeparator(Path.GetTempPath()), folder.FullName);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(OwnerOnly, folder.UnixFileMode);
        }
    }

    [Theory]
    [InlineData(60_000, 60_000)]
    [InlineData(8_001, 8_000)]
    public async Task An_image_of_too_many_pixels_fails_before_it_is_decoded(uint width, uint height)
    {
        // 65 bytes, which would be decoded to 13 GB.
        var png = PngOf(width, height);
        Assert.True(png.Length < 70);

        var failed = await EditAsync("x", ("image", "data:image/png;base64," + Convert.ToBase64String(png)));

        failed.Is(HttpStatusCode.UnprocessableEntity, $"{width} × {height} pixels. The emulator decodes 64 megapixels at most");
        var id = Assert.Single(Service.Ledger.Jobs).RequestId;
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync($"/_emulator/jobs/{id}/before", key: null)).Status);
    }

    /// <summary>A PNG with hardly anything in it but its size.</summary>
    private static byte[] PngOf(uint width, uint height)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteUInt32BigEndian(header, width);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        return
        [
            0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A,
            .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, [0x78, 0x9C, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01]), .. Chunk("IEND"u8, []),
        ];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        var chunk = new byte[data.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        type.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(data.Length + 8), Crc32.HashToUInt32(chunk.AsSpan(4, data.Length + 4)));
        return chunk;
    }
}
