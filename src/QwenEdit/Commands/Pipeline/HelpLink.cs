namespace QwenEdit.Commands.Pipeline;

/// <summary>The URL that <c>Get-Help -Online</c> opens, and the <c>online version</c> of the pages in docs/en-US.</summary>
/// <remarks>The pages have no public URL yet. This is the page of the model at Segmind.</remarks>
internal static class HelpLink
{
    internal const string Online = "https://www.segmind.com/models/qwen-image-edit-fast/api";
}
