namespace QwenEdit.Emulator.Api;

/// <summary>What a request is for. Faults are aimed by it, and the ledger lists it.</summary>
public enum ApiRoute
{
    /// <summary>Every route below; for faults only.</summary>
    Any,

    /// <summary><c>POST /v2/{model}</c></summary>
    Submit,

    /// <summary><c>POST /v1/{model}</c></summary>
    Sync,

    /// <summary><c>GET /v2/requests/{id}/status</c></summary>
    Status,

    /// <summary><c>GET /v2/requests/{id}</c></summary>
    Result,

    /// <summary><c>GET /v1/requests/{id}</c></summary>
    Poll,

    /// <summary><c>GET /v1/get-user-credits</c></summary>
    Credits,

    /// <summary><c>POST /upload-asset</c></summary>
    Upload,

    /// <summary>An output or an asset, on the files' port.</summary>
    File,

    /// <summary><c>GET /inference-request/request-history</c> and one request of it, on the history's port.</summary>
    History,

    /// <summary>A path that the service doesn't have, or a verb that a path doesn't take.</summary>
    Unknown,
}
