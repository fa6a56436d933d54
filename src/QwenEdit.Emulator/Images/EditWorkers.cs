using System.Threading.Channels;
using QwenEdit.Emulator.Jobs;
using QwenEdit.Emulator.Spool;

namespace QwenEdit.Emulator.Images;

/// <summary>Where images are edited for real: a few threads of its own, so that the web server keeps the pool's.</summary>
internal sealed class EditWorkers : IAsyncDisposable
{
    private readonly Channel<(Job Job, EditParameters Parameters, TaskCompletionSource Done)> waiting =
        Channel.CreateUnbounded<(Job, EditParameters, TaskCompletionSource)>();

    private readonly EmulatorOptions options;
    private readonly EmulatorClock clock;
    private readonly SourceImages sources;
    private readonly SpoolFolder spool;
    private readonly CancellationTokenSource stop = new();
    private readonly Task[] workers;

    public EditWorkers(EmulatorOptions options, EmulatorClock clock, SourceImages sources, SpoolFolder spool)
    {
        (this.options, this.clock, this.sources, this.spool) = (options, clock, sources, spool);
        workers = Enumerable.Range(0, Math.Max(1, Environment.ProcessorCount)).Select(_ => Task.Run(WorkAsync)).ToArray();
    }

    public void Begin(Job job, EditParameters parameters)
    {
        if (options.Edit is EditMode.None && job.Source is not null)
        {
            job.Output = job.Source;
            return;
        }
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        job.Edited = done.Task;
        waiting.Writer.TryWrite((job, parameters, done));
    }

    public async ValueTask DisposeAsync()
    {
        waiting.Writer.TryComplete();
        await stop.CancelAsync();
        await Task.WhenAll(workers);
        stop.Dispose();
    }

    private async Task WorkAsync()
    {
        await foreach (var (job, parameters, done) in waiting.Reader.ReadAllAsync())
        {
            if (stop.IsCancellationRequested)
            {
                done.TrySetCanceled(stop.Token);
                continue;
            }
            await EditAsync(job, parameters);
            job.EditedAt = clock.Ticks;
            done.SetResult();
        }
    }

    private async Task EditAsync(Job job, EditParameters parameters)
    {
        try
        {
            var source = job.Source ?? await Task.Run(() => sources.Find(parameters.Image), stop.Token);
            job.Source = source;
            job.Output = options.Edit is EditMode.None ? source : await Task.Factory.StartNew(
                () => ImageEditor.Edit(source, parameters, job.Seed, job.Is(TestPrompts.WrongFormat), spool),
                stop.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        catch (Exception error)
        {
            // Whatever goes wrong with one image is that job's failure, as at the service.
            job.Error = error is SourceImageException ? error.Message : $"Invalid image: {error.Message}";
        }
    }
}
