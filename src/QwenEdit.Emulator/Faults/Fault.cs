using System.Text.Json;
using QwenEdit.Emulator.Api;

namespace QwenEdit.Emulator.Faults;

/// <summary>The kinds of faults.</summary>
public enum FaultKind
{
    /// <summary>Answers <see cref="Fault.Status"/> with <see cref="Fault.Body"/>, without making a job.</summary>
    Answer,

    /// <summary>Makes the job, and then answers <see cref="Fault.Status"/> with <see cref="Fault.Body"/>, as a gateway does that times out.</summary>
    AnswerAfterAccepting,

    /// <summary>Waits for <see cref="Fault.Delay"/> before the request's body is read, and then serves the request.</summary>
    DelayReading,

    /// <summary>Serves the request, and waits for <see cref="Fault.Delay"/> before the response's headers.</summary>
    DelayHeaders,

    /// <summary>Waits for <see cref="Fault.Delay"/> in the middle of the response's body.</summary>
    DelayBody,

    /// <summary>Resets the connection before the request's body is read.</summary>
    ResetBeforeReading,

    /// <summary>Reads the whole request, makes no job, and resets the connection.</summary>
    ResetAfterReading,

    /// <summary>Makes the job, and resets the connection before the response: the job is there and will be billed.</summary>
    ResetAfterAccepting,

    /// <summary>Resets the connection in the middle of the response's body.</summary>
    ResetInResponse,

    /// <summary>Ends the connection in the middle of the response's body as if nothing were wrong.</summary>
    EndInResponse,

    /// <summary>Answers in full, and closes the kept-alive connection thereafter.</summary>
    CloseConnection,

    /// <summary>Sends the response's body at <see cref="Fault.BytesPerSecond"/>.</summary>
    Trickle,
}

/// <summary>A fault, and the requests that it hits.</summary>
public sealed record Fault
{
    /// <summary>The kind of the fault.</summary>
    public required FaultKind Kind { get; init; }

    /// <summary>The route that it hits.</summary>
    public ApiRoute Route { get; init; } = ApiRoute.Any;

    /// <summary>The name under which the ledger lists it; the kind's, such as <c>reset-after-accepting</c>, unless set.</summary>
    public string? Name { get; init; }

    /// <summary>How many matching requests pass before the first is hit.</summary>
    public int Skip { get; init; }

    /// <summary>How many requests it hits; null for all requests until it is removed.</summary>
    public int? Next { get; init; }

    /// <summary>The share of the matching requests that it hits, from 0 to 1, drawn with the emulator's random seed.</summary>
    public double? Share { get; init; }

    /// <summary>The status of <see cref="FaultKind.Answer"/>.</summary>
    public int Status { get; init; } = 500;

    /// <summary>The body of an answer: <c>{"error": …}</c> unless set.</summary>
    public string? Body { get; init; }

    /// <summary>The content type of <see cref="Body"/>.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>Additional headers of the response.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>How long a delay is, counted from the request's arrival.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The number of bytes before the middle of the body; the default is half of the body.</summary>
    public long? AfterBytes { get; init; }

    /// <summary>The speed of <see cref="FaultKind.Trickle"/>.</summary>
    public int BytesPerSecond { get; init; } = 100;

    internal string Label => Name ?? JsonNamingPolicy.KebabCaseLower.ConvertName(Kind.ToString());
}
