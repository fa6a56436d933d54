using Xunit.Abstractions;

[assembly: TestCollectionOrderer("QwenEdit.Tests.Crash.Support.LongestFirst", "QwenEdit.Tests")]

namespace QwenEdit.Tests.Crash.Support;

/// <summary>What takes minutes begins first, so that nothing waits for it alone at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    /// <inheritdoc/>
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection => collection.DisplayName.EndsWith(nameof(RandomKillTests), StringComparison.Ordinal) ? 0 : 1);
}
