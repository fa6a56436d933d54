using Microsoft.Data.Sqlite;
using QwenEdit.Emulator;
using QwenEdit.Emulator.Records;
using QwenEdit.Journal;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands.Support;

/// <summary>
/// A test of the built module: a service, a folder of its own that is the session's location, and a session whose default
/// parameter values lead the cmdlets to that service, so that scripts read as a user would type them. The journal is the test's own too:
/// in a shared one a test would wait out the pause that the service of another, on the same port before, had asked for.
/// </summary>
public abstract class CommandTest : IAsyncLifetime
{
    /// <summary>Where a wait that should be short has failed.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Whoever runs the tests may have a real key and a real endpoint set.
    static CommandTest()
    {
        foreach (string name in (ReadOnlySpan<string>)["SEGMIND_API_KEY", "SEGMIND_ENDPOINT", "SEGMIND_HISTORY_ENDPOINT"])
        {
            Environment.SetEnvironmentVariable(name, null);
        }
    }

    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("qwenedit-test-");

    protected ImageFolder Folder { get; } = new();

    /// <summary>The journal, which is not in <see cref="Folder"/>.</summary>
    protected string Journal => Path.Combine(_state.FullName, "journal.db");

    protected PowerShellHost Host { get; private set; } = null!;

    protected SegmindEmulator Emulator { get; private set; } = null!;

    /// <summary>How the service is: quick, and images come back as they went in, unless a test is about something else.</summary>
    protected virtual EmulatorOptions Options { get; } = new() { Edit = EditMode.None, Latency = TimeSpan.FromMilliseconds(20) };

    /// <summary>What one job costs at the emulator, in credits.</summary>
    protected static decimal Price => EditFixture.Price;

    /// <summary>The images that are in the folder from the beginning.</summary>
    protected virtual IReadOnlyList<string> Images { get; } = [];

    public virtual async Task InitializeAsync()
    {
        Folder.Images([.. Images]);
        Emulator = await SegmindEmulator.StartAsync(Options with { CostPerJob = Price });
        Host = OpenSession();
    }

    public virtual async Task DisposeAsync()
    {
        Host.Dispose();
        await Emulator.DisposeAsync();
        Folder.Dispose();
        _state.Delete(recursive: true);
    }

    /// <summary>Opens another session of the same user.</summary>
    protected PowerShellHost OpenSession()
    {
        PowerShellHost host = PowerShellHost.Open()
            .Set("folder", Folder.Path)
            .Set("endpoint", Emulator.Endpoint.AbsoluteUri)
            .Set("key", Emulator.ApiKey)
            .Set("journal", Journal);
        host.Run("""
            $PSDefaultParameterValues = @{
                '*-Qwen*:Endpoint' = $endpoint
                '*-Qwen*:ApiKey' = $key
                '*-Qwen*:JournalPath' = $journal
                '*-Qwen*:PollIntervalSec' = 0.05
            }
            $null = $ExecutionContext.SessionState.Path.SetLocation($folder)
            """).WithoutErrors();
        return host;
    }

    /// <summary>
    /// Runs a script to its end, and fails where that takes too long. An error that ends a command ends the script too, which tells it
    /// from one that lets the command go on.
    /// </summary>
    protected Task<ScriptRun> RunAsync(string script) => Host.RunAsync($"try {{ {script} }} catch {{ throw }}").WaitAsync(Patience);

    /// <summary>Makes all edits of the journal older: a job that was accepted less than a minute ago is never taken for expired.</summary>
    protected void MakeOlder(TimeSpan span)
    {
        using SqliteConnection connection = new($"Data Source={Journal};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "UPDATE edit SET submitted = submitted - $span, submitting = submitting - $span, ended = ended - $span";
        command.Parameters.AddWithValue("$span", (long)span.TotalMilliseconds);
        command.ExecuteNonQuery();
    }

    /// <summary>Asserts that the service has heard nothing at all.</summary>
    protected void AssertNothingWasSent() => Assert.Empty(Emulator.Ledger.Requests);
}
