namespace QwenEdit.Compatibility;

/// <summary>Formats bytes as text.</summary>
internal static class Hex
{
    /// <summary>Returns bytes in lower-case hex.</summary>
    internal static string Of(byte[] bytes) => BitConverter.ToString(bytes).Replace("-", string.Empty).ToLowerInvariant();
}
