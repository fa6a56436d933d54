using System.Globalization;

namespace QwenEdit.Runs;

/// <summary>How many edits may fail: a count, or a share of those that have ended.</summary>
internal sealed record FailureLimit(int Count, bool IsPercent)
{
    /// <summary>A share of fewer edits says nothing: the first alone would be all or none.</summary>
    internal const int FirstEnded = 10;

    /// <summary>Reads a count such as 5, or a percentage such as 10%.</summary>
    internal static FailureLimit Parse(string text) => text[text.Length - 1] == '%'
        ? new(int.Parse(text.TrimEnd('%'), CultureInfo.InvariantCulture), true)
        : new(int.Parse(text, CultureInfo.InvariantCulture), false);

    /// <summary>Whether that many have failed.</summary>
    /// <param name="failed">Edits that ended without an image.</param>
    /// <param name="ended">All that have ended.</param>
    internal bool IsReached(int failed, int ended) => IsPercent
        ? ended >= FirstEnded && failed * 100L >= (long)Count * ended
        : failed >= Count;

    /// <inheritdoc/>
    public override string ToString() => Count.ToString(CultureInfo.InvariantCulture) + (IsPercent ? "%" : string.Empty);
}
