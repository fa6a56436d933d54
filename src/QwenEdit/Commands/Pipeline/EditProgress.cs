using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;

namespace QwenEdit.Commands.Pipeline;

/// <summary>The progress bar of a call: edits done, failed and in progress, cost and remaining time. It is updated at most four times a second.</summary>
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

    /// <summary>The number of edits; <see langword="null"/> while it is unknown. The bar then has no percentage and no remaining time.</summary>
    internal int? Expected { get; set; }

    /// <summary>The number of edits that have started.</summary>
    internal int Started { get; set; }

    /// <summary>The number of edits that have ended.</summary>
    internal int Done => _done + _failed;

    /// <summary>Counts an edit that has ended.</summary>
    /// <param name="succeeded">Whether it ended without an error.</param>
    /// <param name="cost">Its cost, in credits; <see langword="null"/> if it cost nothing or the cost is unknown.</param>
    internal void Ended(bool succeeded, decimal? cost)
    {
        _ = succeeded ? _done++ : _failed++;
        _cost += cost ?? 0;
    }

    /// <summary>Updates the bar if it is due.</summary>
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

    /// <summary>Removes the bar.</summary>
    /// <param name="afterPipeline">Whether the pipeline has ended before this command. As after a stop, only the host shows progress then.</param>
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
