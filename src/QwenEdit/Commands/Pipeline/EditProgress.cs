using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;

namespace QwenEdit.Commands.Pipeline;

/// <summary>One progress bar for a call: done, failed, in flight, cost and the time left; at most four updates a second.</summary>
internal sealed class EditProgress
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static long s_lastSource;

    private readonly PSCmdlet _cmdlet;
    private readonly string _activity;
    private readonly long _source = Interlocked.Increment(ref s_lastSource);
    private readonly Stopwatch _sinceStart = Stopwatch.StartNew();
    private TimeSpan? _shown;
    private bool _closed;
    private int _done;
    private int _failed;
    private decimal _cost;

    internal EditProgress(PSCmdlet cmdlet, string activity)
    {
        _cmdlet = cmdlet;
        _activity = activity;
    }

    /// <summary>How many edits there will be, once that is known; before, there is no percentage and no time left.</summary>
    internal int? Expected { get; set; }

    /// <summary>How many edits have begun.</summary>
    internal int Started { get; set; }

    /// <summary>How many edits have ended.</summary>
    internal int Done => _done + _failed;

    /// <summary>Counts an edit that has ended.</summary>
    /// <param name="succeeded">Whether it came to what the call is for.</param>
    /// <param name="cost">What it cost, in credits, if it did and that is known.</param>
    internal void Ended(bool succeeded, decimal? cost)
    {
        _ = succeeded ? _done++ : _failed++;
        _cost += cost ?? 0;
    }

    /// <summary>Shows the bar, if it is time to.</summary>
    internal void Show(int inFlight)
    {
        if (Started == 0 || _closed || _sinceStart.Elapsed - _shown < Pause)
        {
            return;
        }

        _shown = _sinceStart.Elapsed;
        string cost = _cost > 0 ? string.Format(CultureInfo.CurrentCulture, ", ${0:0.00##} spent", _cost) : string.Empty;
        ProgressRecord record = Record($"{_done} done, {_failed} failed, {inFlight} in flight{cost}");
        if (Expected is { } expected and > 0)
        {
            record.PercentComplete = Math.Min(100, (int)(100L * Done / expected));
            record.SecondsRemaining = Done > 0 ? (int)(_sinceStart.Elapsed.TotalSeconds / Done * Math.Max(0, expected - Done)) : -1;
        }

        _cmdlet.CommandRuntime.WriteProgress(_source, record);
    }

    /// <summary>Takes the bar away.</summary>
    /// <param name="afterPipeline">Whether the pipeline has ended without this command; as past its stop, only the host still listens.</param>
    internal void Close(bool afterPipeline = false)
    {
        if (_shown is null || _closed)
        {
            return;
        }

        _closed = true;
        ProgressRecord record = Record("Done");
        record.RecordType = ProgressRecordType.Completed;
        if (afterPipeline || _cmdlet.Stopping)
        {
            _cmdlet.Host.UI.WriteProgress(_source, record);
        }
        else
        {
            _cmdlet.CommandRuntime.WriteProgress(_source, record);
        }
    }

    private ProgressRecord Record(string status) => new(0, _activity, status);
}
