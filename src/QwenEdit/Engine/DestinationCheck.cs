using QwenEdit.Files;
using QwenEdit.Journal;

namespace QwenEdit.Engine;

/// <summary>Sees to it that an image can be written before it is paid for: once for each folder, and again where a write has failed.</summary>
internal sealed class DestinationCheck(TemporaryFiles temporaries)
{
    /// <summary>Where every image goes into a folder of its own, they are not all remembered.</summary>
    private const int MostFolders = 1000;

    private readonly object _turn = new();
    private readonly HashSet<string> _writable = new(StringComparer.Ordinal);

    /// <summary>Makes the destination's folder if need be, and tries it.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.DestinationUnwritable"/>.</exception>
    internal void ExpectWritable(EditEntry entry)
    {
        string folder = Folder(entry);
        lock (_turn)
        {
            if (_writable.Contains(folder))
            {
                return;
            }

            OutputFile.Try(entry.Destination, temporaries);
            if (_writable.Count >= MostFolders)
            {
                _writable.Clear();
            }

            _writable.Add(folder);
        }
    }

    /// <summary>Has the folder tried again before the next image, if this one could not be written.</summary>
    internal EndedEdit Observe(EditEntry entry, EndedEdit ended)
    {
        if (ended.Error?.Error == EditError.DestinationUnwritable)
        {
            lock (_turn)
            {
                _writable.Remove(Folder(entry));
            }
        }

        return ended;
    }

    private static string Folder(EditEntry entry) => Path.GetDirectoryName(entry.Destination)!;
}
