using System.Diagnostics;

namespace QwenEdit.Tests.Crash.Support;

/// <summary>A disk of a few kilobytes, mounted into a folder.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _folder;

    private SmallDisk(string folder) => _folder = folder;

    /// <summary>Why there can be none on this machine; null where there can.</summary>
    internal static string? Refusal { get; } = Try();

    internal static SmallDisk Mount(string folder, int kilobytes)
    {
        Directory.CreateDirectory(folder);
        Assert.Null(Run("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "tmpfs", folder));
        return new SmallDisk(folder);
    }

    /// <summary>Takes all the room that is left, but for so many kilobytes.</summary>
    internal void Fill(int leaving = 0)
    {
        using FileStream filler = File.Create(Filler);
        byte[] page = new byte[4096];
        try
        {
            while (true)
            {
                filler.Write(page);
                filler.Flush();
            }
        }
        catch (IOException)
        {
            filler.SetLength(Math.Max(0, filler.Length - (leaving * 1024)) / page.Length * page.Length);
        }
    }

    internal void Free() => File.Delete(Filler);

    internal void MakeReadOnly() => Assert.Null(Run("mount", "-o", "remount,ro", _folder));

    public void Dispose() => Run("umount", "-l", _folder);

    private string Filler => Path.Combine(_folder, "filler");

    private static string? Try()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "A small disk can be mounted on Linux only.";
        }

        string folder = Directory.CreateTempSubdirectory("qwenedit-disk-").FullName;
        try
        {
            return Run("mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", folder) is { } refusal
                ? $"No small disk can be mounted here: {refusal}"
                : Run("umount", folder);
        }
        finally
        {
            Directory.Delete(folder);
        }
    }

    private static string? Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            string error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : error.Trim();
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            return exception.Message;
        }
    }
}

/// <summary>A fact that needs a disk of its own; skipped, with the reason, where none can be mounted.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute() => Skip = SmallDisk.Refusal;
}

/// <summary>A theory of the same kind.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SmallDiskTheoryAttribute : TheoryAttribute
{
    public SmallDiskTheoryAttribute() => Skip = SmallDisk.Refusal;
}
