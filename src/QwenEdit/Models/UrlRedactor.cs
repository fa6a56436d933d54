using System.Text.RegularExpressions;

namespace QwenEdit;

/// <summary>Addresses as they are shown to those who may not use them.</summary>
internal static class UrlRedactor
{
    // Signatures and tokens are in queries, names and passwords before the host: of a user's own images and proxies, too.
    private static readonly Regex Query = new(@"(?<=https?://[^\s""'<>?]*)\?[^\s""'<>]*", RegexOptions.IgnoreCase);
    private static readonly Regex User = new(@"(?<=\b[a-z][a-z0-9+.-]*://)[^\s""'<>?/]+@", RegexOptions.IgnoreCase);

    /// <summary>A text whose addresses have lost what may be secret in them.</summary>
    internal static string WithoutSecrets(string text) =>
        text.IndexOf("://", StringComparison.Ordinal) < 0 ? text : User.Replace(Query.Replace(text, "?…"), "…@");
}
