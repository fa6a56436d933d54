using System.Globalization;

namespace QwenEdit.Compatibility;

/// <summary>Formats numbers, and returns random ones.</summary>
internal static class Numbers
{
    /// <summary>Returns the shortest text that parses to this number. .NET Framework has no format for it.</summary>
    internal static string ShortestText(double number)
    {
#if NET8_0_OR_GREATER
        return number.ToString("R", CultureInfo.InvariantCulture);
#else
        string text = number.ToString("G15", CultureInfo.InvariantCulture);
        for (int digits = 16; digits <= 17 && double.Parse(text, CultureInfo.InvariantCulture) != number; digits++)
        {
            text = number.ToString($"G{digits}", CultureInfo.InvariantCulture);
        }

        return text;
#endif
    }

    /// <inheritdoc cref="ShortestText(double)"/>
    internal static string ShortestText(float number)
    {
#if NET8_0_OR_GREATER
        return number.ToString("R", CultureInfo.InvariantCulture);
#else
        string text = number.ToString("G7", CultureInfo.InvariantCulture);
        for (int digits = 8; digits <= 9 && float.Parse(text, CultureInfo.InvariantCulture) != number; digits++)
        {
            text = number.ToString($"G{digits}", CultureInfo.InvariantCulture);
        }

        return text;
#endif
    }

    /// <summary>Returns a random number from 0 to 1.</summary>
    internal static double Chance() =>
#if NET8_0_OR_GREATER
        Random.Shared.NextDouble();
#else
        (Guid.NewGuid().GetHashCode() & 0xFFFFFF) / (double)0x1000000;
#endif

    /// <summary>Returns a random seed from 0 to the service's maximum, 999999999999999.</summary>
    internal static long NextSeed()
    {
        const long Seeds = 1_000_000_000_000_000;
#if NET8_0_OR_GREATER
        return Random.Shared.NextInt64(Seeds);
#else
        byte[] bytes = Guid.NewGuid().ToByteArray();
        return (long)((BitConverter.ToUInt64(bytes, 0) ^ BitConverter.ToUInt64(bytes, 8)) % Seeds);
#endif
    }
}
