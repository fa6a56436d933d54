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

/// <summary>Looks at the destination of an edit that the journal has.</summary>
internal static class DestinationProbe
{
    /// <summary>Whether a file is there that is not what a trial of a killed process left.</summary>
    internal static bool IsTaken(string destination) => File.Exists(destination) && !DestinationTrial.IsLeftAt(destination);

    /// <summary>What is there, by its length and its time; where these leave it open, by its hash.</summary>
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
            // A copy with a new time is the same image.
            return file.LastWriteTimeUtc.Ticks == recorded.Time
                || ContentHash.OfFile(entry.Destination, cancellationToken) == recorded.Hash
                    ? DestinationState.ItsResult
                    : DestinationState.SomethingElse;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What can't be read is not to be written over either.
            return DestinationState.SomethingElse;
        }
    }
}
