namespace QwenEdit.Tests.Commands.Support;

/// <summary>A folder of a test's own, which goes with it.</summary>
public sealed class ImageFolder : IDisposable
{
    private readonly List<FileStream> _held = [];

    /// <summary>Its full path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("qwenedit-test-").FullName;

    /// <summary>The names of the files in it and below, in order, with slashes between the parts.</summary>
    public IReadOnlyList<string> Files =>
        [.. Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories)
            .Select(file => System.IO.Path.GetRelativePath(Path, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)];

    /// <summary>The full path of a name in it.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Puts a small image there, whatever the name says, and returns its full path.</summary>
    public string Image(string name) => File(name, MadeImages.Png);

    /// <summary>Puts small images there.</summary>
    public void Images(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            Image(name);
        }
    }

    /// <summary>Puts a file there, in folders that are made, and returns its full path.</summary>
    public string File(string name, byte[] content)
    {
        string path = this[name];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>Puts a text there, and returns its full path.</summary>
    public string Text(string name, string content)
    {
        string path = this[name];
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Holds a file, so that nobody else can open it.</summary>
    public void Hold(string name) => _held.Add(new FileStream(this[name], FileMode.Open, FileAccess.ReadWrite, FileShare.None));

    public void Dispose()
    {
        _held.ForEach(file => file.Dispose());
        Directory.Delete(Path, recursive: true);
    }
}
