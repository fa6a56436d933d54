namespace QuickStart.Posters;

/// <summary>The README's picture of an edit. Both sides are drawn: the emulator only shifts colours, and the model is not at hand.</summary>
internal static class ReadmePicture
{
    public static void Draw(string path)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("qwenedit-picture-");
        try
        {
            string before = Path.Combine(folder.FullName, "before.png");
            string after = Path.Combine(folder.FullName, "after.png");
            Save("1000$", before);
            Save("5$", after);
            PairSheet.Draw([new Pair(before, after, "Change '1000$' to '5$'")], path, CancellationToken.None, boxWidth: 300);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Save(string price, string path)
    {
        using Canvas poster = Printer.Sale(price);
        poster.Save(path);
    }
}
