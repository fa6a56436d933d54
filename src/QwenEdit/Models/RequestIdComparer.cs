namespace QwenEdit;

/// <summary>
/// Compares request ids without dashes and case: the service names one request by 32 hexadecimal digits in one place and by a dashed UUID in
/// another. The service itself is always asked by the id as it gave it.
/// </summary>
internal sealed class RequestIdComparer : IEqualityComparer<string>
{
    internal static RequestIdComparer Instance { get; } = new();

    /// <summary>The same text for all spellings of an id.</summary>
    internal static string Key(string id) => id.Replace("-", string.Empty).ToLowerInvariant();

    /// <inheritdoc/>
    public bool Equals(string? x, string? y) => x is null || y is null ? x == y : Key(x) == Key(y);

    /// <inheritdoc/>
    public int GetHashCode(string obj) => Key(obj).GetHashCode();
}
