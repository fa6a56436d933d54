namespace QwenEdit.Segmind.Http;

/// <summary>Decides when a request to a host may leave, and is told the outcome of each.</summary>
internal interface IRateLimiter
{
    /// <summary>Waits for a request's turn.</summary>
    /// <param name="operation">The kind of request: submissions go before the others.</param>
    /// <param name="deadline">The latest time to wait for.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>The turn, which identifies the request in <see cref="Report"/>.</returns>
    /// <exception cref="QwenEditException"><see cref="EditError.RateLimited"/>: there is no turn before the deadline; nothing was sent.</exception>
    Task<long> AcquireAsync(ApiOperation operation, Deadline deadline, CancellationToken cancellationToken);

    /// <summary>Reports a response, or that there was none.</summary>
    /// <param name="turn">The request's turn.</param>
    /// <param name="responseClass">What the response means.</param>
    /// <param name="reset">After a 429: the time until the limit's reset; <see langword="null"/> if the response does not say.</param>
    /// <returns>How long all requests wait from now on; zero if they don't.</returns>
    TimeSpan Report(long turn, ResponseClass responseClass, TimeSpan? reset);
}
