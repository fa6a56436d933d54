using QwenEdit.Files;
using QwenEdit.Segmind.Contracts;

namespace QwenEdit.Reconciliation;

/// <summary>Hashes an image in the history, so that its bytes are not kept.</summary>
internal static class HistoryImageReader
{
    internal static HistoryImage Of(byte[] image) => new() { Hash = ContentHash.Of(image), IsWhole = ImageEnd.IsWhole(image) };
}
