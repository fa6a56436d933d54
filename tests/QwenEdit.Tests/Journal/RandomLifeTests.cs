using Xunit.Sdk;

namespace QwenEdit.Tests.Journal;

/// <summary>Whatever happens to an edit, in whatever order: nothing is paid twice, and nothing that was paid is forgotten.</summary>
public sealed class RandomLifeTests : IDisposable
{
    private static readonly bool s_isLong = Environment.GetEnvironmentVariable("QWENEDIT_LONG_TESTS") == "1";

    private readonly string _folder = Directory.CreateTempSubdirectory("qwenedit-journal-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task No_sequence_of_mishaps_pays_twice_or_forgets_what_was_paid()
    {
        for (int seed = 0; seed < (s_isLong ? 250 : 25); seed++)
        {
            RandomLife life = new(_folder, seed);
            try
            {
                await life.LiveAsync(steps: 15);
                EditState end = await life.EndAsync();
                Assert.True(end is EditState.Unknown or EditState.Expired || (end is EditState.Received && (life.HasItsImage || life.IsOutdated)), $"Ended as {end}.");
            }
            catch (Exception exception) when (exception is XunitException or NullReferenceException)
            {
                throw new XunitException($"{exception.Message}\n{life.Story}");
            }
        }
    }
}
