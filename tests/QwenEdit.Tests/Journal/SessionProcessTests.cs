using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using QwenEdit.Journal;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Journal;

/// <summary>A session of another process, which is killed. It holds its lock as .NET does on Unix: with flock.</summary>
public sealed class SessionProcessTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly OpenJournal _journal;
    private readonly string _token = Guid.NewGuid().ToString("N");

    public SessionProcessTests()
    {
        _journal = new OpenJournal(_folder.At("journal.db"), new FakeTimeProvider());
        _journal.Edits.Release(_journal.Take());
        File.WriteAllText(_journal.SessionFileOf(_token), string.Empty);
        _journal.Store.Write(connection => connection.Execute(
            "INSERT INTO session (token, machine, process_id, process_name) VALUES ($token, 'here', 1, 'other'); UPDATE edit SET owner = $token", ("$token", _token)));
    }

    public void Dispose()
    {
        _journal.Dispose();
        _folder.Dispose();
    }

    [LinuxFact]
    public async Task A_process_that_was_killed_and_that_its_parent_has_not_reaped_is_dead()
    {
        // The outer shell becomes a sleep, which waits for no child, as in a container without an init.
        using Process parent = Start(
            "sh", "-c", $"flock --no-fork --exclusive '{_journal.SessionFileOf(_token)}' sh -c 'echo $$; exec sleep 1000' & exec sleep 1000");
        try
        {
            int child = int.Parse((await parent.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
            Assert.False(TryClaim());

            Process.GetProcessById(child).Kill();

            await Until.TrueAsync(TryClaim, "its edit is taken");
            Assert.Contains("State:\tZ", await File.ReadAllTextAsync($"/proc/{child}/status"), StringComparison.Ordinal);
        }
        finally
        {
            parent.Kill();
        }
    }

    [LinuxFact("unshare", "--user", "--map-root-user", "--pid", "--fork", "true")]
    public async Task A_process_of_another_container_is_alive_while_it_holds_its_lock()
    {
        using Process other = Start(
            "unshare", "--user", "--map-root-user", "--pid", "--fork", "--kill-child",
            "flock", "--no-fork", "--exclusive", _journal.SessionFileOf(_token), "sh", "-c", "echo $$; exec sleep 1000");
        try
        {
            // A number that has nothing to do with the numbers here.
            Assert.Equal("1", await other.StandardOutput.ReadLineAsync());
            Assert.False(TryClaim());
        }
        finally
        {
            other.Kill();
        }

        await Until.TrueAsync(TryClaim, "its edit is taken");
    }

    private bool TryClaim() => _journal.Edits.TryClaim(OpenJournal.Edit(), out _, out _);

    private static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
}
