using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;

namespace QwenEdit.Emulator.Records;

/// <summary>One request as the emulator received it.</summary>
/// <param name="Number">Counts from 1, in the order of arrival.</param>
/// <param name="Route">Its route.</param>
/// <param name="Method">Its verb.</param>
/// <param name="Path">Its path, without the query.</param>
/// <param name="Time">When its headers had arrived.</param>
/// <param name="KeyId">The key that came with it, masked; null without one. On the files' port there should be none.</param>
/// <param name="Bytes">How much of its body was read.</param>
/// <param name="Status">The status of the response; 0 before there is one, and if the connection was reset instead.</param>
/// <param name="RequestId">The job that it created or asked for.</param>
/// <param name="Fault">The name of the fault that it met.</param>
/// <param name="Headers">Its headers: names in lower case, several values of one joined by commas, and every key masked.</param>
public sealed record LedgerRequest(
    long Number, ApiRoute Route, string Method, string Path, DateTimeOffset Time,
    string? KeyId, long Bytes, int Status, string? RequestId, string? Fault,
    IReadOnlyDictionary<string, string> Headers);
