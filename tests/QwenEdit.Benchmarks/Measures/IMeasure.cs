namespace QwenEdit.Benchmarks.Measures;

/// <summary>How much is measured.</summary>
/// <param name="Repetitions">How often each figure is taken.</param>
/// <param name="Images">How many images the large measures take.</param>
internal sealed record Extent(int Repetitions, int Images);

/// <summary>Something that can be measured by its name.</summary>
internal interface IMeasure
{
    /// <summary>The name, as the command line takes it.</summary>
    string Name { get; }

    /// <summary>Measures it.</summary>
    Task<IReadOnlyList<Figure>> RunAsync(Extent extent);
}
