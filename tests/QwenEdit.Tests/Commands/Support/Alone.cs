namespace QwenEdit.Tests.Commands.Support;

/// <summary>Tests that measure or change the whole process, and so run when no other does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
