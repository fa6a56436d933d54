using System.Globalization;

namespace QwenEdit.Benchmarks.Measures;

/// <summary>One line of the table.</summary>
/// <param name="Measure">What was measured.</param>
/// <param name="Case">For which contender or under which circumstances.</param>
/// <param name="Value">The median, with the spread in brackets.</param>
/// <param name="Ratio">Over (a) in the same round, median and spread; empty where that means nothing.</param>
/// <param name="Goal">What is to be reached; empty where it is shown for comparison.</param>
/// <param name="IsReached">Whether it is.</param>
internal sealed record Figure(string Measure, string Case, string Value, string Ratio = "", string Goal = "", bool? IsReached = null)
{
    /// <summary>A line of a Markdown table.</summary>
    public override string ToString() =>
        $"| {Measure} | {Case} | {Value} | {Ratio} | {Goal}{IsReached switch { null => "", true => " ✓", false => " ✗" }} |";

    /// <summary>The table.</summary>
    internal static string Table(IEnumerable<Figure> figures) =>
        string.Join('\n', ["| measure | case | median (spread) | over (a) | goal |", "|---|---|---:|---:|---|", .. figures]);
}

/// <summary>Several readings of one thing.</summary>
internal sealed class Sample
{
    private readonly List<double> _readings = [];

    internal double Median
    {
        get
        {
            double[] sorted = [.. _readings.Order()];
            int middle = sorted.Length / 2;
            return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }
    }

    internal double Highest => _readings.Max();

    internal IReadOnlyList<double> Readings => _readings;

    internal void Add(double reading) => _readings.Add(reading);

    /// <summary>The readings of this sample, each over that of another in the same round.</summary>
    internal Sample Over(Sample other)
    {
        Sample ratios = new();
        ratios._readings.AddRange(_readings.Zip(other._readings, (mine, its) => mine / its));
        return ratios;
    }

    /// <summary>The median and in brackets the lowest and the highest reading.</summary>
    internal string Show(string format, string unit = "") => string.Create(
        CultureInfo.InvariantCulture,
        $"{Median.ToString(format, CultureInfo.InvariantCulture)}{unit} ({_readings.Min().ToString(format, CultureInfo.InvariantCulture)}–{_readings.Max().ToString(format, CultureInfo.InvariantCulture)})");
}
