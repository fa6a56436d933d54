using System.Globalization;
using System.Text.RegularExpressions;

namespace QwenEdit.Emulator.Jobs;

/// <summary>What words like <c>emulate:fail</c> in a prompt make of that one job. README.md has the table.</summary>
[Flags]
internal enum TestPrompts
{
    None = 0,
    Fail = 1 << 0,
    Policy = 1 << 1,
    Queued = 1 << 2,
    Processing = 1 << 3,
    UnknownState = 1 << 4,
    Expired = 1 << 5,
    Truncate = 1 << 6,
    CutOff = 1 << 7,
    Html = 1 << 8,
    WrongFormat = 1 << 9,
    Empty = 1 << 10,
    FileMissing = 1 << 11,
    NoOutput = 1 << 12,
    OutputOnly = 1 << 13,
    ImagesOnly = 1 << 14,
    DataUri = 1 << 15,
    Base64 = 1 << 16,
    NoMetrics = 1 << 17,
    Retried = 1 << 18,
    ForeignUrls = 1 << 19,
    NoContentType = 1 << 20,
    Seconds = 1 << 21,
    Cost = 1 << 22,
    NoUrls = 1 << 23,
}

internal sealed partial record TestPrompt(TestPrompts Words, TimeSpan? Duration, decimal? Cost)
{
    private static readonly TestPrompt Ordinary = new(TestPrompts.None, null, null);

    public static TestPrompt Parse(string prompt)
    {
        if (!prompt.Contains("emulate:", StringComparison.Ordinal))
        {
            return Ordinary;
        }
        var (words, duration, cost) = Ordinary;
        foreach (Match match in Word().Matches(prompt))
        {
            if (!Enum.TryParse(match.Groups["word"].Value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out TestPrompts word))
            {
                continue;
            }
            words |= word;
            if (decimal.TryParse(match.Groups["value"].Value, CultureInfo.InvariantCulture, out var value))
            {
                duration = word is TestPrompts.Seconds ? TimeSpan.FromSeconds((double)value) : duration;
                cost = word is TestPrompts.Cost ? value : cost;
            }
        }
        return new TestPrompt(words, duration, cost);
    }

    [GeneratedRegex(@"emulate:(?<word>[a-z]+[a-z0-9-]*)(=(?<value>[0-9]+(\.[0-9]+)?))?", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
