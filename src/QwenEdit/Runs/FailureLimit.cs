using System.Globalization;

namespace QwenEdit.Runs;

/// <summary>How many edits may fail: a count, or a percentage of the ended edits.</summary>
internal sealed record FailureLimit(int Count, bool IsPercent)
{
    /// <summary>The number of ended edits below which a percentage is not judged.</summary>
    internal const int FirstEnded = 10;

    /// <summary>Parses a count such as 5, or a percentage such as 10%.</summary>
    internal static FailureLimit Parse(string text) => text[text.Length - 1] == '%'
        ? new(int.Parse(text.TrimEnd('%'), CultureInfo.InvariantCulture), true)
        : new(int.Parse(text, CultureInfo.InvariantCulture), false);

    /// <summary>Whether the limit is reached.</summary>
    /// <param name="failed">Edits that ended without an image.</param>
    /// <param name="ended">All edits that ended.</param>
    internal bool IsReached(int failed, int ended) => IsPercent
        ? ended >= FirstEnded && failed * 100L >= (long)Count * ended
        : failed >= Count;

    /// <inheritdoc/>
    public override string ToString() => Count.ToString(CultureInfo.InvariantCulture) + (IsPercent ? "%" : string.Empty);
}
