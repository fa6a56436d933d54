using QwenEdit.Emulator.Spool;

namespace QwenEdit.Emulator.Bodies;

/// <summary>An image that came inside a JSON body, and what stood before its base64 text.</summary>
internal sealed record InlineImage(string Prefix, SpoolFile File);
