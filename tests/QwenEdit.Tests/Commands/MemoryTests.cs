using System.Diagnostics;
using ImageMagick;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>Images go through the module in small pieces, however large they are.</summary>
[Collection(nameof(Alone))]
public sealed class MemoryTests : CommandTest
{
    private const int InFlight = 4;
    private const long MegaByte = 1024 * 1024;

    [Fact]
    public async Task The_process_grows_by_less_than_20_MB_for_each_edit_of_a_40_MB_image_in_flight()
    {
        using ServiceProcess service = await ServiceProcess.StartAsync();
        Host.Set("endpoint", service.Endpoint);
        long length = DrawLarge(Folder["1.png"]);
        Assert.InRange(length, 40 * MegaByte, 50 * MegaByte);
        for (int number = 2; number <= InFlight * 2; number++)
        {
            File.Copy(Folder["1.png"], Folder[$"{number}.png"]);
        }

        (await EditAsync("1.png", "warm")).WithoutErrors();
        long before = Settled();

        Task<ScriptRun> editing = EditAsync("*.png", "out");
        long most = 0;
        using PeriodicTimer sample = new(TimeSpan.FromMilliseconds(10));
        while (!editing.IsCompleted)
        {
            most = Math.Max(most, Now());
            await sample.WaitForNextTickAsync();
        }

        Assert.Equal(InFlight * 2, (await editing).WithoutErrors().Output.Count);
        Assert.All(Directory.GetFiles(Folder["out"]), file => Assert.Equal(length, new FileInfo(file).Length));
        Assert.InRange(most - before, long.MinValue, InFlight * 20 * MegaByte);
    }

    private Task<ScriptRun> EditAsync(string path, string destination) =>
        RunAsync($"Invoke-QwenImageEdit {path} 'Make it red' -DestinationPath {destination} -ThrottleLimit {InFlight} -Endpoint $endpoint");

    // Not compressed, so that it is as large as its pixels.
    private static long DrawLarge(string path)
    {
        using MagickImage image = new(MagickColors.Gray, 4000, 3600);
        image.Settings.SetDefine(MagickFormat.Png, "compression-level", "0");
        image.Write(path, MagickFormat.Png24);
        return new FileInfo(path).Length;
    }

    private static long Settled()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return Now();
    }

    private static long Now()
    {
        using Process process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
