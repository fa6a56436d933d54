using QwenEdit.Emulator.Images;

namespace QwenEdit.Emulator;

/// <summary>What happens to an image.</summary>
public enum EditMode
{
    /// <summary>It is decoded, its hue shifted by the seed, captioned with the prompt and encoded as asked for.</summary>
    Caption,

    /// <summary>It comes back as it went in, undecoded: for benchmarks.</summary>
    None,
}

/// <summary>When missing fields, unusable images and values out of range are reported.</summary>
public enum InvalidValues
{
    /// <summary>As at the service: the POST is accepted and the job fails (422); on v1, 500.</summary>
    Fail,

    /// <summary>At once: the POST answers 400 to a missing field or an unusable image, and 406 to a value out of range.</summary>
    Refuse,
}

/// <summary>What becomes of an <c>image</c> that is a URL of another host.</summary>
public enum RemoteImages
{
    /// <summary>A drawn picture that names the URL takes its place.</summary>
    Placeholder,

    /// <summary>The job fails.</summary>
    Refuse,
}

/// <summary>How request ids are written; both are seen at the service.</summary>
public enum RequestIdFormat
{
    /// <summary>4bd9febd-ea60-4289-bbca-6fe264f3230b</summary>
    Dashed,

    /// <summary>4bd9febdea604289bbca6fe264f3230b</summary>
    Undashed,
}

/// <summary>What the request history keeps of inline images.</summary>
public enum HistoryBody
{
    /// <summary>No inline images, as the service's privacy documentation says.</summary>
    Omitted,

    /// <summary>Inline images end after 64 characters.</summary>
    Cut,

    /// <summary>The request body as it was sent.</summary>
    Whole,
}

/// <summary>How <c>x-rate-limit-reset-at-utc</c> is written.</summary>
public enum ResetFormat
{
    /// <summary>2026-09-30T12:34:00Z</summary>
    Iso8601,

    /// <summary>Wed, 30 Sep 2026 12:34:00 GMT</summary>
    Rfc1123,

    /// <summary>Seconds since 1970.</summary>
    UnixSeconds,

    /// <summary>Milliseconds since 1970.</summary>
    UnixMilliseconds,
}
