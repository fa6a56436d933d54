using QwenEdit.Emulator.Accounts;
using QwenEdit.Emulator.Bodies;
using QwenEdit.Emulator.Images;
using QwenEdit.Emulator.Jobs;
using QwenEdit.Emulator.Spool;

namespace QwenEdit.Emulator.Api;

/// <summary>Creates jobs: v2 answers at once, v1 answers with the image.</summary>
internal sealed class SubmitEndpoint(EmulatorOptions options, RequestAdmission admission, JobQueue jobs, SourceImages sources, SpoolFolder spool, FileStore files)
{
    public async Task SubmitAsync(ApiContext exchange)
    {
        if (await AcceptAsync(exchange) is not { } job)
        {
            return;
        }
        var request = exchange.Context.Request;
        // The address that the client used. A test prompt can ask for another host's address, which a client must not follow.
        var root = job.Is(TestPrompts.ForeignUrls) ? files.Endpoint.AbsoluteUri.TrimEnd('/') : $"{request.Scheme}://{request.Host}";
        await ApiResponses.JsonAsync(exchange, StatusCodes.Status200OK, json =>
        {
            json.WriteString("request_id", job.RequestId);
            json.WriteString("status", "QUEUED");
            if (!job.Is(TestPrompts.NoUrls))
            {
                json.WriteString("poll_url", $"{root}/v1/requests/{job.RequestId}");
                json.WriteString("status_url", $"{root}/v2/requests/{job.RequestId}/status");
                json.WriteString("response_url", $"{root}/v2/requests/{job.RequestId}");
            }
        });
    }

    /// <returns>The job, or null when the request has been answered.</returns>
    public async Task<Job?> AcceptAsync(ApiContext exchange)
    {
        if (await admission.EnterAsync(exchange) is not { } account || !await MayCallAsync(exchange, account))
        {
            return null;
        }
        if (!exchange.Context.Request.HasJsonContentType())
        {
            await ApiResponses.ErrorAsync(exchange, StatusCodes.Status406NotAcceptable, "Invalid content type. Use application/json or multipart/form-data.");
            return null;
        }
        using var reader = new JsonBodyReader(spool);
        var body = await reader.ReadAsync(exchange.Context.Request.BodyReader, bytes => exchange.BytesRead += bytes, exchange.Aborted);
        var parameters = EditParameters.Parse(body);
        if ((reader.Error ?? parameters.Malformed) is { } malformed)
        {
            await ApiResponses.ErrorAsync(exchange, StatusCodes.Status400BadRequest, malformed);
            return null;
        }
        var (image, unusable) = ReadImage(reader, parameters);
        var atOnce = options.InvalidValues is InvalidValues.Refuse;
        if (atOnce && unusable is not null)
        {
            await ApiResponses.ErrorAsync(exchange, StatusCodes.Status400BadRequest, unusable);
            return null;
        }
        if ((parameters.Unlisted ?? (atOnce ? parameters.Invalid : null)) is { } invalid)
        {
            await ApiResponses.ErrorAsync(exchange, StatusCodes.Status406NotAcceptable, invalid);
            return null;
        }
        return await AcceptAsync(exchange, account, body.ToArray(), parameters, image, unusable ?? parameters.Invalid);
    }

    private async Task<Job?> AcceptAsync(ApiContext exchange, Account account, byte[] body, EditParameters parameters, InlineImage? image, string? flaw)
    {
        var (job, refusal) = jobs.Accept(account, exchange.Target.Argument, body, parameters, image, flaw);
        if (refusal is not null)
        {
            var status = refusal.OfBalance && exchange.Target.Route is ApiRoute.Submit ? options.InsufficientCreditsStatus : StatusCodes.Status406NotAcceptable;
            await ApiResponses.ErrorAsync(exchange, status, refusal.Message);
        }
        exchange.Job = job;
        return job;
    }

    /// <returns>The inline image, null for a URL; or the error.</returns>
    private (InlineImage? Image, string? Unusable) ReadImage(JsonBodyReader reader, EditParameters parameters)
    {
        if ((reader.InvalidImage ?? parameters.Missing) is { } unusable)
        {
            return (null, unusable);
        }
        try
        {
            return (BodyPlaceholder.Index(parameters.Image) is { } index ? reader.Images[index] : sources.DecodeInline(parameters.Image), null);
        }
        catch (SourceImageException error)
        {
            return (null, error.Message);
        }
    }

    private async Task<bool> MayCallAsync(ApiContext exchange, Account account)
    {
        var model = exchange.Target.Argument;
        var (status, message) =
            account.State is KeyState.Forbidden || options.ForbiddenModels.Contains(model)
                ? (StatusCodes.Status403Forbidden, $"Your account does not have access to {model}")
            : options.RetiredModels.Contains(model) ? (StatusCodes.Status410Gone, $"Model {model} is no longer available")
            : options.Models.Contains(model) ? (StatusCodes.Status200OK, "")
            : (StatusCodes.Status404NotFound, $"Model {model} not found");
        if (status is StatusCodes.Status200OK)
        {
            return true;
        }
        await ApiResponses.ErrorAsync(exchange, status, message);
        return false;
    }
}
