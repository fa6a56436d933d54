using System.Globalization;
using System.Net;

namespace QwenEdit.Segmind.Contracts;

/// <summary>Parses a success of <c>POST /v1/{model}</c>. The headers describe the job; the body is the image.</summary>
internal static class SyncParser
{
    /// <summary>Reports the headers. If the body is an image, passes it on as it arrives; JSON is left for the caller to read.</summary>
    /// <returns>Whether the body was an image.</returns>
    internal static async Task<bool> TakeAsync(HttpResponseMessage response, ISyncSteps steps, CancellationToken cancellationToken)
    {
        string? requestId = Text(response, "x-request-id") is { } id && RequestIds.IsPossible(id) ? id : null;
        string type = response.Content.Headers.ContentType?.MediaType ?? string.Empty;
        bool isImage = type.StartsWith("image/", StringComparison.OrdinalIgnoreCase) || type.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase);
        // A page of a proxy has no job to report.
        if (isImage || requestId is not null || type.EndsWith("json", StringComparison.OrdinalIgnoreCase))
        {
            steps.Answered(requestId, Report(response));
        }

        if (isImage && response.StatusCode != HttpStatusCode.OK)
        {
            throw new QwenEditException(EditError.OutputInvalid, $"The service answered with a part of the image ({(int)response.StatusCode}).")
            {
                StatusCode = (int)response.StatusCode,
            };
        }

        if (isImage)
        {
            using Stream image = await response.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await steps.TakeAsync(image, response.Content.Headers.ContentLength, cancellationToken).ConfigureAwait(false);
        }

        return isImage;
    }

    private static JobReport Report(HttpResponseMessage response) => new()
    {
        State = EditState.Completed,
        Cost = JobParser.Cost(Number(response, "x-cost")),
        RemainingCredits = (decimal?)Number(response, "x-remaining-credits"),
        InferenceSeconds = Number(response, "x-generation-time"),
        Seed = (long?)Number(response, "x-seed-value"),
    };

    private static string? Text(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) && values.FirstOrDefault() is { Length: > 0 } text ? text : null;

    // As in a body, a value that is not a number or is too large counts as missing.
    private static double? Number(HttpResponseMessage response, string name) =>
        double.TryParse(Text(response, name), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number is > -1e15 and < 1e15
            ? number
            : null;
}
