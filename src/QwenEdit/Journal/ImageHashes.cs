namespace QwenEdit.Journal;

/// <summary>Caches the hashes of images by path, length, last write time and file id, so that a second run does not read the images again.</summary>
internal sealed class ImageHashes(JournalStore store)
{
    /// <summary>Returns the hash of an image that has not changed since it was stored; otherwise <see langword="null"/>.</summary>
    internal string? Find(string path, long length, DateTime time, long number) => store.Read(connection => connection
        .Query(
            "SELECT hash FROM image_hash WHERE path = $path AND length = $length AND time = $time AND file_id = $number",
            row => row.GetString(0),
            ("$path", path),
            ("$length", length),
            ("$time", time.Ticks),
            ("$number", number))
        .FirstOrDefault());

    /// <summary>Stores a hash. If the entry is lost, the image is read again.</summary>
    internal void Remember(string path, long length, DateTime time, long number, string hash) => store.WriteSoon(connection => connection.Execute(
        "INSERT OR REPLACE INTO image_hash (path, length, time, file_id, hash) VALUES ($path, $length, $time, $number, $hash)",
        ("$path", path),
        ("$length", length),
        ("$time", time.Ticks),
        ("$number", number),
        ("$hash", hash)));

    /// <summary>Removes the hash of an image.</summary>
    internal void Forget(string path) => store.WriteSoon(connection => connection.Execute("DELETE FROM image_hash WHERE path = $path", ("$path", path)));
}
