using QwenEdit.Segmind.Http;

namespace QwenEdit.Diagnostics;

/// <summary>Where background work says what it does; safe to call from any thread.</summary>
internal interface IEditLog
{
    /// <summary>A step of an edit, with its ids and seconds.</summary>
    void Verbose(string message, EditEvent? what = null);

    /// <summary>An exchange with the service in a line, without the key.</summary>
    void Debug(string message, EditEvent? what = null);

    /// <summary>Whether anybody reads what <see cref="ApiPipeline"/> is told; else nothing is made for it.</summary>
    bool WantsExchanges { get; }

    /// <summary>A request or an answer with its headers and its body, without the key, and with images by their length.</summary>
    void Exchange(string text);

    /// <summary>Something that a user should know, though the edit goes on.</summary>
    void Warning(string message, EditEvent? what = null);

    /// <summary>What a user hears of as an error record, from who writes that.</summary>
    void Error(string message, EditEvent what);
}
