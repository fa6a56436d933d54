using QwenEdit.Emulator.Spool;

namespace QwenEdit.Emulator.Images;

/// <summary>
/// A font for machines without fonts: Latin, Greek, Cyrillic, currency signs, kana and the 6,763 hanzi of GB 2312.
/// A subset of Noto Sans CJK SC and Noto Sans under the SIL Open Font License 1.1, which stands beside it in the sources.
/// </summary>
public static class EmulatorFont
{
    private static readonly Lazy<string> Unpacked = new(Unpack);

    /// <summary>The font as an OpenType file, unpacked into a private temporary folder of this process when first asked for. It goes when the process ends.</summary>
    public static string Path => Unpacked.Value;

    private static string Unpack()
    {
        // A folder of its own: in a shared one, others could put a file of theirs in the font's place.
        var folder = new PrivateFolder(parent: null);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        var path = System.IO.Path.Combine(folder.Path, "EmulatorSans.otf");
        using var resource = typeof(EmulatorFont).Assembly.GetManifestResourceStream("EmulatorSans.otf")!;
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        resource.CopyTo(file);
        return path;
    }
}
