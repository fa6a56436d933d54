using System.Security.Cryptography;
using QuickStart.Posters;

namespace QuickStart;

/// <summary>A folder with the posters and the table of prompts.</summary>
internal sealed class SampleFolder(string path)
{
    private static readonly string[] ImageExtensions = [".png", ".jpg", ".jpeg", ".webp"];

    public string Path { get; } = path;

    /// <summary>Whether a folder has images.</summary>
    public static bool HasImages(string path) => Directory.EnumerateFiles(path)
        .Any(file => ImageExtensions.Contains(System.IO.Path.GetExtension(file), StringComparer.OrdinalIgnoreCase));

    /// <summary>Creates the folder, draws the posters and copies the table.</summary>
    /// <param name="overwrite">False leaves the files that are there.</param>
    public void Fill(bool overwrite, CancellationToken stop)
    {
        Directory.CreateDirectory(Path);
        foreach ((string name, Func<Canvas> draw) in Printer.All)
        {
            stop.ThrowIfCancellationRequested();
            if (overwrite || !File.Exists(InFolder(name)))
            {
                using Canvas poster = draw();
                poster.Save(InFolder(name));
            }
        }

        if (overwrite || !File.Exists(InFolder("edits.csv")))
        {
            File.Copy(Build.Beside("edits.csv"), InFolder("edits.csv"), overwrite: true);
        }
    }

    /// <summary>All files below the folder, by their SHA-256 in lower-case hexadecimal digits.</summary>
    public Dictionary<string, string> FilesByHash(string except)
    {
        Dictionary<string, string> files = [];
        foreach (string file in Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories).Where(file => file != except))
        {
            using FileStream content = File.OpenRead(file);
            files[Convert.ToHexStringLower(SHA256.HashData(content))] = file;
        }

        return files;
    }

    private string InFolder(string name) => System.IO.Path.Combine(Path, name);
}
