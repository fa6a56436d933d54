namespace QwenEdit.Compatibility;

/// <summary>Formats bytes as text.</summary>
internal static class Hex
{
    private const string Digits = "0123456789abcdef";

    /// <summary>Returns bytes in lower-case hex.</summary>
    internal static string Of(byte[] bytes)
    {
        char[] text = new char[2 * bytes.Length];
        for (int index = 0; index < bytes.Length; index++)
        {
            text[2 * index] = Digits[bytes[index] >> 4];
            text[(2 * index) + 1] = Digits[bytes[index] & 15];
        }

        return new string(text);
    }
}
