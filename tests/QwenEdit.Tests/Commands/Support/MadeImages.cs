namespace QwenEdit.Tests.Commands.Support;

/// <summary>Images that tests send.</summary>
internal static class MadeImages
{
    /// <summary>The smallest PNG: one pixel.</summary>
    internal static byte[] Png { get; } = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
}
