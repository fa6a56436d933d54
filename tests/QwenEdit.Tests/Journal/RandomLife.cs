using System.Text;
using Microsoft.Extensions.Time.Testing;
using QwenEdit.Editing;
using QwenEdit.Files;
using QwenEdit.Journal;
using QwenEdit.Reconciliation;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Journal;

/// <summary>
/// One edit, asked for again and again in a fixture where all goes wrong by chance. The journal and the table of re-runs are the real ones; the
/// service and the disk are a few fields, and whether a job may be made is kept apart from both.
/// </summary>
internal sealed class RandomLife(string folder, int seed)
{
    private sealed class KilledException : Exception;

    private readonly Random _random = new(seed);
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 10, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly string _file = Path.Combine(folder, $"{seed}.png");
    private readonly string _path = Path.Combine(folder, $"{seed}.db");
    private readonly List<string> _story = [];

    // The model: a POST may be accepted if nothing that was accepted before is still good for an image, or a person has allowed one more.
    private bool _mayPay = true;
    private int _jobs;
    private DateTimeOffset _accepted;
    private DateTimeOffset _ended;

    /// <summary>What has happened, for whoever has to understand a failure.</summary>
    internal string Story => $"Seed {seed}:\n{string.Join('\n', _story)}";

    internal async Task LiveAsync(int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            switch (_random.Next(8))
            {
                case 0:
                    Say("the file is removed");
                    File.Delete(_file);
                    break;
                case 1:
                    Say("the file is changed");
                    File.WriteAllText(_file, $"something else {step}");
                    break;
                case 2:
                    Say("two hours pass");
                    _time.Advance(TimeSpan.FromHours(2));
                    break;
                case 3 when _random.Next(3) == 0:
                    Say("eight days pass");
                    _time.Advance(TimeSpan.FromDays(8));
                    break;
                default:
                    await RunAsync((Resubmit)_random.Next(8) & (Resubmit)_random.Next(8), overwrite: _random.Next(3) == 0, dies: _random.Next(2) == 0);
                    break;
            }
        }
    }

    /// <summary>The same command once more, and nothing goes wrong: the image is there, or the edit is listed.</summary>
    internal async Task<EditState> EndAsync()
    {
        await RunAsync(Resubmit.Failed, overwrite: true, dies: false, mishaps: false);
        using OpenJournal journal = new(_path, _time);
        return journal.Edits.Select(null, null).Single().State;
    }

    /// <summary>Whether the service has no longer what it made.</summary>
    internal bool IsOutdated => _time.GetUtcNow() - _ended > TimeSpan.FromDays(7);

    internal bool HasItsImage => _jobs > 0 && File.Exists(_file) && File.ReadAllText(_file).StartsWith("image of job", StringComparison.Ordinal);

    private async Task RunAsync(Resubmit resubmit, bool overwrite, bool dies, bool mishaps = true)
    {
        Say($"a run: -Resubmit {resubmit}{(overwrite ? " -Force" : "")}");
        // A clock of its own: in a process that was killed none goes on.
        OpenJournal journal = new(_path, new FakeTimeProvider(_time.GetUtcNow()));
        try
        {
            Uri endpoint = new("https://api.segmind.com/");
            // No history: what it would settle is another test's.
            Reconciler reconciler = new(null, journal.Edits, new AccountJournal(journal.Store, journal.Presence, endpoint.AbsoluteUri, "account"), TimeSpan.Zero, _time, new RecordingLog());
            EditClaims claims = new(journal.Edits, new JournalRetryQueue(new RecordingLog()), reconciler, TemporaryFiles.WithoutJournal, endpoint, resubmit, _time);
            PreparedEdit edit = PreparedEdit.Prepare(
                new EditRequest { Uri = new Uri("https://example.com/a.png"), Destination = _file, Prompt = "prompt", Overwrite = overwrite });
            Claim claim = claims.Begin();
            (EditEntry entry, NextStep step) = await claims.ClaimAsync(edit, claim, CancellationToken.None);
            Say($"  {entry.State}: {step}");
            Run run = new(this, journal.Edits, entry, dies, mishaps);
            run.Do(step, overwrite);
            claim.Release();
        }
        catch (QwenEditException exception)
        {
            Say($"  {exception.Message}");
        }
        catch (KilledException)
        {
            Say("  killed");
            journal.Kill();
            journal.Store.Dispose();
            return;
        }

        ExpectNothingForgotten(journal);
        journal.Dispose();
    }

    // A job that was paid for, and is still good for an image or a question, is not taken for none.
    private void ExpectNothingForgotten(OpenJournal journal)
    {
        EditState? state = journal.Edits.Select(null, null).SingleOrDefault()?.State;
        Assert.False(!_mayPay && (state is null or EditState.Prepared or EditState.Rejected or EditState.Failed), $"Forgotten: {state}");
    }

    private void Say(string what) => _story.Add(what);

    /// <summary>What the engine does, with a chance to die between any two steps.</summary>
    private sealed class Run(RandomLife life, EditJournal journal, EditEntry entry, bool dies, bool mishaps)
    {
        internal void Do(NextStep step, bool overwrite)
        {
            switch (step)
            {
                case NextStep.Submit:
                    Submit(overwrite);
                    break;
                case NextStep.Adopt:
                    Receive(life._accepted, overwrite);
                    break;
                case NextStep.DownloadAgain:
                    Download(overwrite);
                    break;
                case NextStep.Confirm:
                    journal.Received(entry, entry.File!);
                    break;
            }
        }

        private DateTimeOffset Now => life._time.GetUtcNow();

        private int Chance(int count) => mishaps ? life._random.Next(count) : count - 1;

        private void Submit(bool overwrite)
        {
            // The one place where a person's word counts.
            life._mayPay |= entry.State is EditState.Unknown or EditState.Expired or EditState.Received;
            MayDie();
            journal.Submitting(entry, 1, Now);
            MayDie();
            switch (Chance(6))
            {
                case 0:
                    life.Say("  refused");
                    journal.Rejected(entry, "refused");
                    return;
                case 1:
                    life.Say("  not connected");
                    journal.NoJob(entry);
                    return;
                case 2:
                    life.Say("  reset, no job");
                    MayDie();
                    journal.Unknown(entry, "reset");
                    return;
                case 3:
                    Accept();
                    life.Say("  reset, a job");
                    MayDie();
                    journal.Unknown(entry, "reset");
                    return;
                default:
                    Accept();
                    MayDie();
                    journal.Submitted(entry, $"request {life._jobs}", Now);
                    MayDie();
                    Receive(life._accepted, overwrite);
                    return;
            }
        }

        private void Accept()
        {
            Assert.True(life._mayPay, "A second job was made, and nobody had allowed it.");
            life._mayPay = false;
            life._jobs++;
            life._accepted = Now;
            life.Say($"  job {life._jobs} is accepted");
        }

        private void Receive(DateTimeOffset accepted, bool overwrite)
        {
            if (Now - accepted > TimeSpan.FromHours(1))
            {
                journal.Expired(entry, "forgotten");
                return;
            }

            switch (Chance(5))
            {
                case 0:
                    life.Say("  still running");
                    return;
                case 1:
                    life.Say("  failed");
                    life._mayPay = true;
                    journal.Failed(entry, Now, "failed");
                    return;
                default:
                    life._ended = Now;
                    journal.Completed(entry, Now, "https://images.segmind.com/a.png", 0.01m, null, null, null);
                    MayDie();
                    Download(overwrite);
                    return;
            }
        }

        private void Download(bool overwrite)
        {
            if (Now - life._ended > TimeSpan.FromDays(7) || Chance(5) == 0)
            {
                life.Say("  not downloaded");
                return;
            }

            string image = $"image of job {life._jobs}";
            FileRecord facts = new(
                image.Length, Now.UtcTicks, ContentHash.Of(Encoding.UTF8.GetBytes(image)));
            journal.Writing(entry, facts);
            MayDie();
            if (File.Exists(life._file) && !overwrite)
            {
                return;
            }

            File.WriteAllText(life._file, image);
            MayDie();
            journal.Received(entry, facts);
        }

        private void MayDie()
        {
            if (dies && Chance(4) == 0)
            {
                throw new KilledException();
            }
        }
    }
}
