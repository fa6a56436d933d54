using System.Security.Cryptography;

namespace QwenEdit.Emulator;

/// <summary>
/// A font for machines without fonts: Latin, Greek, Cyrillic, currency signs, kana and the 6,763 hanzi of GB 2312.
/// A subset of Noto Sans CJK SC and Noto Sans under the SIL Open Font License 1.1, which stands beside it in the sources.
/// </summary>
public static class EmulatorFont
{
    private static readonly Lazy<string> Unpacked = new(Unpack);

    /// <summary>The font as an OpenType file, unpacked into the temporary folder when first asked for.</summary>
    public static string Path => Unpacked.Value;

    private static string Unpack()
    {
        using var resource = typeof(EmulatorFont).Assembly.GetManifestResourceStream("EmulatorSans.otf")!;
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        var name = $"emulator-sans-{Convert.ToHexStringLower(SHA256.HashData(bytes))[..12]}-{Environment.UserName}.otf";
        var path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), name);
        if (!File.Exists(path) || new FileInfo(path).Length != bytes.Length)
        {
            // Several processes may start at once: each writes its own file, and the renames agree.
            var own = path + "." + Guid.NewGuid().ToString("N");
            File.WriteAllBytes(own, bytes);
            File.Move(own, path, overwrite: true);
        }
        return path;
    }
}
