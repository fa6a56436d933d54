namespace QwenEdit.Commands;

/// <summary>Where <c>Get-Help -Online</c> leads: until the module has a page of its own, to the model's at Segmind.</summary>
internal static class HelpLink
{
    internal const string Online = "https://www.segmind.com/models/qwen-image-edit-fast/api";
}
