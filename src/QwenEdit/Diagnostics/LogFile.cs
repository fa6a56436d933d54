using System.Globalization;

namespace QwenEdit.Diagnostics;

/// <summary>
/// The log file of one run. Each line is flushed to the operating system when <see cref="Append"/> returns, so that killing the process loses no
/// line.
/// </summary>
internal sealed class LogFile : IDisposable
{
    private readonly object _lock = new();
    private readonly FileStream _file;
    private readonly Action<Exception> _failed;
    private long _end;
    private bool _isReported;
    private bool _isClosed;

    private LogFile(FileStream file, Action<Exception> failed)
    {
        _file = file;
        _failed = failed;
    }

    /// <summary>The full path of the file.</summary>
    internal string Path => _file.Name;

    /// <summary>Creates a new file for one run.</summary>
    /// <param name="folder">The full path of the folder, created if it is missing.</param>
    /// <param name="command">The name of the cmdlet, which is part of the file name.</param>
    /// <param name="started">When the run began, which is the first part of the file name.</param>
    /// <param name="failed">Called once, when a line can't be written for the first time.</param>
    /// <exception cref="QwenEditException"><see cref="EditError.LogUnavailable"/>.</exception>
    internal static LogFile Create(string folder, string command, DateTimeOffset started, Action<Exception> failed)
    {
        if (File.Exists(folder) || (System.IO.Path.GetExtension(folder).ToUpperInvariant() is ".LOG" or ".JSON" or ".JSONL" or ".TXT" && !Directory.Exists(folder)))
        {
            throw new QwenEditException(
                EditError.LogUnavailable, $"-LogPath {folder} names a file. It takes a folder, in which each run writes a file of its own.");
        }

        string name = $"{started.UtcDateTime.ToString("yyyyMMdd'T'HHmmss.fff'Z'", CultureInfo.InvariantCulture)}-{command}";
        try
        {
            Directory.CreateDirectory(folder);
            for (int number = 1; ; number++)
            {
                string path = System.IO.Path.Combine(folder, number == 1 ? $"{name}.jsonl" : $"{name}-{number}.jsonl");
                try
                {
                    return new LogFile(FileSystem.CreateNewPrivateFile(path), failed);
                }
                catch (IOException) when (File.Exists(path))
                {
                    // Another run that began at the same time has created the file.
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new QwenEditException(EditError.LogUnavailable, $"No log can be written in {folder}: {exception.Message}", exception);
        }
    }

    /// <summary>
    /// Appends a line. If it can't be written, for example because the disk is full, that is reported once and the edits continue. Later lines are
    /// written as soon as this is possible again.
    /// </summary>
    /// <param name="line">The line, including its line break.</param>
    internal void Append(byte[] line)
    {
        Exception? failure = null;
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            try
            {
                _file.Position = _end;
                _file.Write(line, 0, line.Length);
                _file.Flush();
                _end += line.Length;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                failure = _isReported ? null : exception;
                _isReported = true;
                RemoveIncompleteLine();
            }
        }

        if (failure is not null)
        {
            _failed(failure);
        }
    }

    private void RemoveIncompleteLine()
    {
        try
        {
            _file.SetLength(_end);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The disk is not available. The next line that can be written overwrites the incomplete one.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            _file.Dispose();
        }
    }
}
