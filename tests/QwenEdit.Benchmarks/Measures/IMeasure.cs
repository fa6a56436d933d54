namespace QwenEdit.Benchmarks.Measures;

/// <summary>How much is measured.</summary>
/// <param name="Repetitions">How often each figure is taken.</param>
/// <param name="Images">How many images the large measures take.</param>
/// <param name="ImageBytes">The size of an image in <see cref="Overhead"/>, in bytes.</param>
/// <param name="Against">The manifest of another build of the module, measured in turns with this one; <see langword="null"/> for none.</param>
internal sealed record Extent(int Repetitions, int Images, int ImageBytes = Extent.UsualImageBytes, string? Against = null)
{
    /// <summary>The usual size of an image, in bytes.</summary>
    internal const int UsualImageBytes = 1_500_000;
}

/// <summary>Something that can be measured by its name.</summary>
internal interface IMeasure
{
    /// <summary>The name, as the command line takes it.</summary>
    string Name { get; }

    /// <summary>Measures it.</summary>
    Task<IReadOnlyList<Figure>> RunAsync(Extent extent);
}
