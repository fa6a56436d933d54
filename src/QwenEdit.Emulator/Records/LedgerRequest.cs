using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;

namespace QwenEdit.Emulator.Records;

/// <summary>One request as the emulator received it.</summary>
/// <param name="Number">Counts from 1, in the order of arrival.</param>
/// <param name="Route">What it was for.</param>
/// <param name="Method">Its verb.</param>
/// <param name="Path">Its path, without the query.</param>
/// <param name="Time">When its headers had arrived.</param>
/// <param name="KeyId">The key that came with it, masked; null without one. On the files' port there should be none.</param>
/// <param name="Bytes">How much of its body was read.</param>
/// <param name="Status">The status that was answered; 0 while there is none, and for good where the connection was reset instead.</param>
/// <param name="RequestId">The job that it made or asked for.</param>
/// <param name="Fault">The fault that it met, by its name.</param>
/// <param name="Headers">Its headers: names in lower case, several values of one joined by commas, and every key masked.</param>
public sealed record LedgerRequest(
    long Number, ApiRoute Route, string Method, string Path, DateTimeOffset Time,
    string? KeyId, long Bytes, int Status, string? RequestId, string? Fault,
    IReadOnlyDictionary<string, string> Headers);
