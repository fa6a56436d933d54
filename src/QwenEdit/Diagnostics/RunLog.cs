using System.Diagnostics;

namespace QwenEdit.Diagnostics;

/// <summary>Also writes the log of a run to a file, as JSON lines.</summary>
internal sealed class RunLog : IEditLog, IDisposable
{
    private readonly IEditLog _log;
    private readonly Func<EditRun> _run;
    private readonly TimeProvider _time;
    private readonly LogFile _file;

    private RunLog(IEditLog log, Func<EditRun> run, TimeProvider time, string folder)
    {
        _log = log;
        _run = run;
        _time = time;
        _file = LogFile.Create(folder, run().Command, run().StartedAt, Failed);
    }

    /// <summary>Begins the log of a run.</summary>
    /// <param name="log">The log that receives every entry too.</param>
    /// <param name="run">Returns the current state of the run.</param>
    /// <param name="time">The clock for the lines.</param>
    /// <param name="folder">The full path of the folder in which the file is created.</param>
    /// <param name="version">The module's version.</param>
    /// <exception cref="QwenEditException"><see cref="EditError.LogUnavailable"/>.</exception>
    internal static RunLog Begin(IEditLog log, Func<EditRun> run, TimeProvider time, string folder, string version)
    {
        RunLog begun = new(log, run, time, folder);
        using Process process = Process.GetCurrentProcess();
        begun._file.Append(LogLine.OfStart(run(), version, process.Id));
        return begun;
    }

    /// <inheritdoc/>
    public void Verbose(string message, EditEvent? what = null)
    {
        _log.Verbose(message, what);
        Write("information", message, what);
    }

    /// <inheritdoc/>
    public void Debug(string message, EditEvent? what = null)
    {
        _log.Debug(message, what);
        Write("debug", message, what);
    }

    /// <inheritdoc/>
    public bool WantsExchanges => _log.WantsExchanges;

    /// <inheritdoc/>
    /// <remarks>Not written to the file, as prompts don't belong in a log.</remarks>
    public void Exchange(string text) => _log.Exchange(text);

    /// <inheritdoc/>
    public void Warning(string message, EditEvent? what = null)
    {
        _log.Warning(message, what);
        Write("warning", message, what);
    }

    /// <inheritdoc/>
    public void Error(string message, EditEvent what)
    {
        _log.Error(message, what);
        Write("error", message, what);
    }

    /// <summary>Writes the last line.</summary>
    internal void End(EditRun run) => _file.Append(LogLine.OfEnd(run));

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Write(string level, string message, EditEvent? what) => _file.Append(LogLine.Of(
        _time.GetUtcNow(),
        level,
        _run().RunId,
        UrlRedactor.WithoutSecrets(message),
        what?.Source is null ? what : what with { Source = UrlRedactor.WithoutSecrets(what.Source) }));

    private void Failed(Exception exception) =>
        _log.Warning($"The log {_file.Path} can't be written any more, and what it lacks is in the journal; the edits go on: {exception.Message}");
}
