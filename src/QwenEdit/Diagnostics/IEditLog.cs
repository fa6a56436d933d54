using QwenEdit.Segmind.Http;

namespace QwenEdit.Diagnostics;

/// <summary>The log of background work. Its members are safe to call from any thread.</summary>
internal interface IEditLog
{
    /// <summary>Logs a step of an edit, with its ids and durations.</summary>
    void Verbose(string message, EditEvent? what = null);

    /// <summary>Logs a request and its outcome in one line, without the key.</summary>
    void Debug(string message, EditEvent? what = null);

    /// <summary>Whether <see cref="Exchange"/> has a reader. If not, <see cref="HttpExchange"/> creates no text for it.</summary>
    bool WantsExchanges { get; }

    /// <summary>Logs a request or a response with its headers and its body, without the key, and with a placeholder for each image.</summary>
    void Exchange(string text);

    /// <summary>Logs a problem that the user should know about, although the edit continues.</summary>
    void Warning(string message, EditEvent? what = null);

    /// <summary>Logs an error whose error record the caller writes.</summary>
    void Error(string message, EditEvent what);
}
