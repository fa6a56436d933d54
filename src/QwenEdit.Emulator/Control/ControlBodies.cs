using System.Text.Json;
using QwenEdit.Emulator.Accounts;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.Records;

namespace QwenEdit.Emulator.Control;

/// <summary>A fault as the control API takes it: as <see cref="Fault"/>, with seconds for times.</summary>
internal sealed record FaultBody
{
    public required FaultKind Kind { get; init; }
    public ApiRoute Route { get; init; } = ApiRoute.Any;
    public string? Name { get; init; }
    public int Skip { get; init; }
    public int? Next { get; init; }
    public double? Share { get; init; }
    public int Status { get; init; } = 500;

    /// <summary>Text as it is, or JSON.</summary>
    public JsonElement? Body { get; init; }
    public string? ContentType { get; init; }
    public Dictionary<string, string>? Headers { get; init; }
    public double DelaySeconds { get; init; } = 30;
    public long? AfterBytes { get; init; }
    public int BytesPerSecond { get; init; } = 100;

    public static FaultBody Of(Fault fault) => new()
    {
        Kind = fault.Kind,
        Route = fault.Route,
        Name = fault.Name,
        Skip = fault.Skip,
        Next = fault.Next,
        Share = fault.Share,
        Status = fault.Status,
        Body = fault.Body is null ? null : JsonSerializer.SerializeToElement(fault.Body),
        ContentType = fault.ContentType,
        Headers = fault.Headers?.ToDictionary(),
        DelaySeconds = fault.Delay.TotalSeconds,
        AfterBytes = fault.AfterBytes,
        BytesPerSecond = fault.BytesPerSecond,
    };

    public Fault ToFault() => new()
    {
        Kind = Kind,
        Route = Route,
        Name = Name,
        Skip = Skip,
        Next = Next,
        Share = Share,
        Status = Status,
        Body = Body is { ValueKind: JsonValueKind.String } text ? text.GetString() : Body?.GetRawText(),
        ContentType = ContentType ?? "application/json",
        Headers = Headers,
        Delay = TimeSpan.FromSeconds(DelaySeconds),
        AfterBytes = AfterBytes,
        BytesPerSecond = BytesPerSecond,
    };
}

internal sealed record AdvanceBody(double Seconds = 0, double Minutes = 0, double Hours = 0, double Days = 0)
{
    /// <exception cref="ArgumentException">It is negative.</exception>
    public TimeSpan Span => TimeSpan.FromSeconds(Seconds) + TimeSpan.FromMinutes(Minutes) + TimeSpan.FromHours(Hours) + TimeSpan.FromDays(Days) is var span
        && span >= TimeSpan.Zero ? span : throw new ArgumentException("The clock only moves forward: seconds, minutes, hours and days add up to 0 or more.");
}

internal sealed record ClockView(DateTimeOffset Now, double AheadSeconds);

internal sealed record KeyBody
{
    public required string Key { get; init; }
    public decimal? Credits { get; init; }
    public int? RequestsPerMinute { get; init; }
    public decimal? SpendLimit { get; init; }
    public KeyState? State { get; init; }
}

internal sealed record KeyView(
    string KeyId, decimal Credits, decimal Reserved, decimal Spent, decimal? SpendLimit, int? RequestsPerMinute, KeyState State)
{
    public static KeyView Of(Account account) => new(
        account.KeyId, account.Credits, account.Reserved, account.Spent, account.SpendLimit, account.RequestsPerMinute, account.State);
}

internal sealed record LedgerView(decimal Billed, IReadOnlyList<LedgerJob> Jobs, IReadOnlyList<LedgerRequest> Requests);
