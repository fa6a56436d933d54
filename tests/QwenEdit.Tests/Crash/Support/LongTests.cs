namespace QwenEdit.Tests.Crash.Support;

/// <summary>The proofs at their full length, which takes minutes: where QWENEDIT_LONG_TESTS is 1.</summary>
internal static class LongTests
{
    internal static bool Wanted { get; } = Environment.GetEnvironmentVariable("QWENEDIT_LONG_TESTS") == "1";

    internal static T Choose<T>(T whole, T otherwise) => Wanted ? whole : otherwise;
}

/// <summary>A fact that is proved at full length only.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LongFactAttribute : FactAttribute
{
    public LongFactAttribute() => Skip = LongTests.Wanted ? null : "Runs where QWENEDIT_LONG_TESTS is 1.";
}

/// <summary>Tests that start many processes at once or kill them take turns, so that a slow machine is not slower still.</summary>
[CollectionDefinition(Name)]
public sealed class ProcessTests
{
    public const string Name = "Processes";
}
