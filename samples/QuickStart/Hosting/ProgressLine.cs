using System.Management.Automation;

namespace QuickStart.Hosting;

/// <summary>Keeps the newest progress record on the last line of a terminal.</summary>
public sealed class ProgressLine(TextWriter terminal, int width)
{
    private const string EraseLine = "\r\u001b[2K";
    private bool _shown;

    /// <summary>Draws the record in the place of the one before.</summary>
    public void Show(ProgressRecord record)
    {
        if (record.RecordType == ProgressRecordType.Completed)
        {
            Hide();
            return;
        }

        string percent = record.PercentComplete < 0 ? "" : $" {record.PercentComplete} %";
        string left = record.SecondsRemaining < 0 ? "" : $", {TimeSpan.FromSeconds(record.SecondsRemaining):g} left";
        string line = $"{record.Activity}:{percent} {record.StatusDescription}{left}";
        terminal.Write(EraseLine + line[..Math.Min(line.Length, width - 1)]);
        _shown = true;
    }

    /// <summary>Clears the line, so that other text can be written.</summary>
    public void Hide()
    {
        if (_shown)
        {
            terminal.Write(EraseLine);
            _shown = false;
        }
    }
}
