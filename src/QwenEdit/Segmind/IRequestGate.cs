namespace QwenEdit.Segmind;

/// <summary>What every request to one host passes: it says when a request may leave, and hears what came of it.</summary>
internal interface IRequestGate
{
    /// <summary>Waits for a request's turn.</summary>
    /// <param name="route">The question: submissions go before the others.</param>
    /// <param name="deadline">Until when it is worth waiting.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The turn, by which <see cref="Answered"/> knows the request.</returns>
    /// <exception cref="QwenEditException"><see cref="EditError.RateLimited"/>: there is no turn in time; nothing was sent.</exception>
    Task<long> EnterAsync(Route route, Deadline deadline, CancellationToken cancellationToken);

    /// <summary>Hears of an answer, or of the lack of one.</summary>
    /// <param name="turn">The request's turn.</param>
    /// <param name="verdict">What the answer means.</param>
    /// <param name="reset">Of a rate limit: how long until its reset; <see langword="null"/> where the service does not say.</param>
    /// <returns>How long all requests wait from now on, if they do.</returns>
    TimeSpan Answered(long turn, Verdict verdict, TimeSpan? reset);
}
