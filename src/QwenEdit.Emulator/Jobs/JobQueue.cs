using QwenEdit.Emulator.Accounts;
using QwenEdit.Emulator.Bodies;
using QwenEdit.Emulator.Images;

namespace QwenEdit.Emulator.Jobs;

/// <summary>Every job, and the money: what is accepted, when it is done, and what it costs are decided under one lock.</summary>
internal sealed class JobQueue(EmulatorOptions options, EmulatorClock clock, EditWorkers edits)
{
    private readonly Lock admission = new();
    private readonly Dictionary<Guid, Job> byId = [];
    private readonly List<Job> all = [];
    private readonly PriorityQueue<Job, long> due = new();
    private readonly List<Job> late = [];
    private readonly List<Job> stuck = [];
    private readonly Random seeds = new(options.RandomSeed);
    private JobSchedule schedule = new(options);
    private int completed;
    private int failed;

    /// <summary>Accepts a job, or says why the account may not have it.</summary>
    /// <param name="account">The account that pays.</param>
    /// <param name="model">The model of the path.</param>
    /// <param name="body">The body, without its inline images.</param>
    /// <param name="parameters">The parameters of the body.</param>
    /// <param name="image">The inline image; null for a URL, or where there is none.</param>
    /// <param name="flaw">Why the job is going to fail; null where nothing is wrong with the request.</param>
    public (Job? Job, Refusal? Refusal) Accept(
        Account account, string model, byte[] body, EditParameters parameters, InlineImage? image, string? flaw)
    {
        var prompt = TestPrompt.Parse(parameters.Prompt);
        lock (admission)
        {
            var now = clock.Ticks;
            Settle(now);
            var price = prompt.Cost ?? options.CostPerJob;
            if (account.Refuses(price) is { } refusal)
            {
                return (null, refusal);
            }
            var (started, finished) = schedule.Book(now, prompt);
            var job = new Job
            {
                Id = Guid.NewGuid(),
                IdFormat = options.RequestIds is RequestIdFormat.Dashed ? "D" : "N",
                Account = account,
                Model = model,
                Body = body,
                Image = image,
                Source = image?.File,
                Seed = parameters.Seed >= 0 ? parameters.Seed : seeds.NextInt64(EditParameters.LargestSeed + 1),
                Words = prompt.Words,
                Price = price,
                Accepted = now,
                Started = started,
                Finished = finished,
                Error = Flaw(prompt.Words) ?? flaw,
            };
            account.Reserved += price;
            if (job.Error is null)
            {
                edits.Begin(job, parameters);
            }
            all.Add(job);
            byId.Add(job.Id, job);
            if (finished == long.MaxValue)
            {
                stuck.Add(job);
            }
            else
            {
                due.Enqueue(job, finished);
            }
            return (job, null);
        }
    }

    /// <summary>The job as it is now, with all that has ended until now billed in order.</summary>
    public T? Look<T>(Guid id, Func<Job, long, T?> look) where T : class
    {
        lock (admission)
        {
            var now = clock.Ticks;
            Settle(now);
            return byId.TryGetValue(id, out var job) ? look(job, now) : null;
        }
    }

    public List<T> LookAtAll<T>(Func<Job, long, T> look, int skip = 0, int take = int.MaxValue)
    {
        lock (admission)
        {
            var now = clock.Ticks;
            Settle(now);
            return all.Skip(skip).Take(take).Select(job => look(job, now)).ToList();
        }
    }

    public int Count
    {
        get
        {
            lock (admission)
            {
                return all.Count;
            }
        }
    }

    /// <summary>How many jobs are in each state. Only those under way are counted one by one.</summary>
    public JobCounts CountStates()
    {
        lock (admission)
        {
            var now = clock.Ticks;
            Settle(now);
            var processing = late.Count + due.UnorderedItems.Count(item => item.Element.Started <= now)
                + stuck.Count(job => job.Started <= now);
            return new JobCounts(all.Count - completed - failed - processing, processing, completed, failed);
        }
    }

    public T WithMoney<T>(Func<T> look)
    {
        lock (admission)
        {
            Settle(clock.Ticks);
            return look();
        }
    }

    /// <summary>Waits until the job is completed or failed.</summary>
    public async Task WaitAsync(Job job, CancellationToken cancellationToken)
    {
        await clock.WaitUntilAsync(job.Finished, cancellationToken);
        await job.Edited.WaitAsync(cancellationToken);
    }

    public void Clear()
    {
        lock (admission)
        {
            byId.Clear();
            all.Clear();
            due.Clear();
            late.Clear();
            stuck.Clear();
            (completed, failed) = (0, 0);
            schedule = new JobSchedule(options);
        }
    }

    private void Settle(long now)
    {
        for (var i = late.Count - 1; i >= 0; i--)
        {
            if (late[i].Edited.IsCompleted)
            {
                Bill(late[i]);
                late.RemoveAt(i);
            }
        }
        while (due.TryPeek(out var job, out var finished) && finished <= now)
        {
            due.Dequeue();
            if (job.Edited.IsCompleted)
            {
                Bill(job);
            }
            else
            {
                late.Add(job);
            }
        }
    }

    private void Bill(Job job)
    {
        job.Finished = Math.Max(job.Finished, job.EditedAt);
        job.Settled = true;
        job.Account.Reserved -= job.Price;
        if (job.Error is null)
        {
            job.Billed = job.Price;
            job.Account.Spend(job.Price);
            completed++;
        }
        else
        {
            failed++;
        }
        job.Remaining = job.Account.Credits;
    }

    private static string? Flaw(TestPrompts words) =>
        words.HasFlag(TestPrompts.Fail) ? "The model failed to process this request."
        : words.HasFlag(TestPrompts.Policy) ? "The request was blocked by the content policy."
        : null;
}

/// <summary>How many jobs are in each state.</summary>
internal sealed record JobCounts(int Queued, int Processing, int Completed, int Failed);
