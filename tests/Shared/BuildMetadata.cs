using System.Reflection;

namespace QwenEdit.Tests.Support;

/// <summary>What a project file gives to its assembly: names and paths that only the build knows.</summary>
internal static class BuildMetadata
{
    /// <summary>The value of an item <c>AssemblyMetadata</c> of the project.</summary>
    internal static string Get(string key) => typeof(BuildMetadata).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;
}
