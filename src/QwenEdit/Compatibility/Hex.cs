namespace QwenEdit.Compatibility;

/// <summary>Formats bytes as text.</summary>
internal static class Hex
{
    /// <summary>Returns bytes in lower-case hex.</summary>
    internal static string Of(byte[] bytes) =>
#if NET8_0_OR_GREATER
        Convert.ToHexString(bytes).ToLowerInvariant();
#else
        BitConverter.ToString(bytes).Replace("-", string.Empty).ToLowerInvariant();
#endif
}
