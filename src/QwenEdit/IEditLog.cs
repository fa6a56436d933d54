namespace QwenEdit;

/// <summary>Where background work says what it does; safe to call from any thread.</summary>
internal interface IEditLog
{
    /// <summary>A step of an edit, with its ids and seconds.</summary>
    void Verbose(string message, EditEvent? what = null);

    /// <summary>An exchange with the service, without the key.</summary>
    void Debug(string message, EditEvent? what = null);

    /// <summary>Something that a user should know, though the edit goes on.</summary>
    void Warning(string message, EditEvent? what = null);

    /// <summary>What a user hears of as an error record, from who writes that.</summary>
    void Error(string message, EditEvent what);
}
