using System.Diagnostics;
using QwenEdit.Files;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Files;

/// <summary>A disk that is full, which is a small one of memory.</summary>
public sealed class FullDiskTests
{
    [SmallDiskFact]
    public async Task A_disk_that_fills_up_is_an_error_of_the_destination_and_is_left_empty()
    {
        using TestFolder folder = new();
        Assert.True(SmallDiskFactAttribute.Mount(folder.Path));
        try
        {
            using MemoryStream content = new(TestImages.BeginsAsPng(1_000_000));

            QwenEditException failure = await Assert.ThrowsAsync<QwenEditException>(
                () => OutputFile.WriteAsync(content, null, folder.At("a.png"), overwrite: false, CancellationToken.None));

            Assert.Equal(EditError.DestinationUnwritable, failure.Error);
            Assert.Contains("a.png", failure.Message, StringComparison.Ordinal);
            Assert.Empty(folder.Names);
        }
        finally
        {
            SmallDiskFactAttribute.Unmount(folder.Path);
        }
    }

    /// <summary>Skips where no small disk can be mounted, which mostly takes root on Linux.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class SmallDiskFactAttribute : FactAttribute
    {
        public SmallDiskFactAttribute()
        {
            using TestFolder folder = new();
            if (Mount(folder.Path))
            {
                Unmount(folder.Path);
            }
            else
            {
                Skip = "A full disk takes the right to mount a small one.";
            }
        }

        internal static bool Mount(string folder) =>
            OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && Run("mount", "-t", "tmpfs", "-o", "size=64k", "none", folder);

        internal static void Unmount(string folder) => Run("umount", folder);

        private static bool Run(string program, params string[] arguments)
        {
            try
            {
                using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
                process.StandardError.ReadToEnd();
                process.WaitForExit();
                return process.ExitCode == 0;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return false;
            }
        }
    }
}
