using System.Management.Automation;
using System.Text;
using QuickStart.Hosting;

namespace QuickStart;

/// <summary>The console that the program runs in: text in paragraphs and, where someone watches, one line of progress at its foot.</summary>
internal sealed class Terminal : IDisposable
{
    private const int WidthOfFiles = 120;

    private static readonly bool s_isWatched = !Console.IsOutputRedirected && !Console.IsErrorRedirected;

    private readonly Writer _out;
    private readonly Writer _error;
    private string _progress = "";

    public Terminal()
    {
        _out = new Writer(this, Console.Out);
        _error = new Writer(this, Console.Error);
        UI = new ScriptHostUI(_out, _error, Width)
        {
            Color = Color,
            Progress = s_isWatched ? record => Show(record.RecordType == ProgressRecordType.Completed ? "" : $"{record.Activity}: {record.StatusDescription}") : null,
        };
    }

    /// <summary>What PowerShell writes to.</summary>
    public ScriptHostUI UI { get; }

    private static bool Color => !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    // A terminal that does not know its own width says 0.
    private static int Width => Console.IsOutputRedirected || Console.WindowWidth < 20 ? WidthOfFiles : Console.WindowWidth;

    /// <summary>Writes text after an empty line.</summary>
    /// <param name="text">One or more lines.</param>
    /// <param name="bright">Whether to set it off by its colour.</param>
    public void WriteParagraph(string text, bool bright = false)
    {
        _out.EndParagraph();
        _out.WriteLine(bright && Color ? $"\e[96m{text}\e[0m" : text);
    }

    /// <summary>Takes the progress away, if a script left some.</summary>
    public void Dispose()
    {
        Show("");
        _out.Dispose();
        _error.Dispose();
    }

    private void Show(string progress)
    {
        if (progress != _progress)
        {
            // Cut, as a line that wraps can't be taken back.
            _progress = progress.Length < Width ? progress : progress[..(Width - 1)];
            Console.Error.Write($"\r\e[K{_progress}");
        }
    }

    /// <summary>Writes beneath the text so far, in place of the progress.</summary>
    private sealed class Writer(Terminal terminal, TextWriter inner) : TextWriter(inner.FormatProvider)
    {
        private string _end = "\n\n";

        public override Encoding Encoding => inner.Encoding;

        public override void Write(char value) => Write(value.ToString());

        public override void Write(string? value)
        {
            if (string.IsNullOrEmpty(value))
            {
                return;
            }

            terminal.Show("");
            inner.Write(value);
            string end = _end + value.Replace("\r", "", StringComparison.Ordinal);
            _end = end[Math.Max(0, end.Length - 2)..];
        }

        public override void WriteLine(string? value) => Write(value + NewLine);

        public void EndParagraph()
        {
            while (_end != "\n\n")
            {
                Write(NewLine);
            }
        }
    }
}
