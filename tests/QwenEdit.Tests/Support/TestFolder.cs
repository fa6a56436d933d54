namespace QwenEdit.Tests.Support;

/// <summary>A folder of a test's own, which is gone afterwards.</summary>
internal sealed class TestFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("qwenedit-tests-").FullName;

    /// <summary>The names of the files and folders in it, hidden ones too.</summary>
    internal IEnumerable<string> Names => Directory.EnumerateFileSystemEntries(Path).Select(path => System.IO.Path.GetFileName(path)).Order();

    /// <summary>The full path of a name in it.</summary>
    internal string At(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Makes a file, and returns its full path.</summary>
    internal string Write(string name, byte[] content)
    {
        string path = At(name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
