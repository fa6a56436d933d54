using QwenEdit.Files;
using QwenEdit.Journal;

namespace QwenEdit.Editing;

/// <summary>What is at an edit's destination.</summary>
internal enum DestinationState
{
    Nothing,

    /// <summary>The file that the journal recorded, with its hash.</summary>
    ItsResult,

    SomethingElse,
}

/// <summary>Finds out what is at the destination of an edit.</summary>
internal static class DestinationProbe
{
    /// <summary>Whether a file is there. The trial file of a killed process does not count.</summary>
    internal static bool IsTaken(string destination) => File.Exists(destination) && !DestinationTrial.IsLeftAt(destination);

    /// <summary>Returns what is at the destination. Compares the file's length and time with the journal's, and its hash if the time differs.</summary>
    internal static DestinationState At(EditEntry entry, CancellationToken cancellationToken)
    {
        var file = new FileInfo(entry.Destination);
        if (!IsTaken(entry.Destination))
        {
            return DestinationState.Nothing;
        }

        if (entry.File is not { } recorded || file.Length != recorded.Length)
        {
            return DestinationState.SomethingElse;
        }

        try
        {
            // A copy of the image may have a new time.
            return file.LastWriteTimeUtc.Ticks == recorded.Time
                || ContentHash.OfFile(entry.Destination, cancellationToken) == recorded.Hash
                    ? DestinationState.ItsResult
                    : DestinationState.SomethingElse;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A file that can't be read must not be overwritten either.
            return DestinationState.SomethingElse;
        }
    }
}
