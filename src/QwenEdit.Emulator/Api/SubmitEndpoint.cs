namespace QwenEdit.Emulator;

/// <summary>Makes jobs: of a POST on v2, which answers at once, and on v1, which answers with the image.</summary>
internal sealed class SubmitEndpoint(EmulatorOptions options, Gate gate, JobQueue jobs, SourceImages sources, SpoolFolder spool, FileStore files)
{
    public async Task SubmitAsync(Exchange exchange)
    {
        if (await AcceptAsync(exchange) is not { } job)
        {
            return;
        }
        var request = exchange.Context.Request;
        // The address that the client used; a job can ask for another host's, which no client should follow.
        var root = job.Is(TestPrompts.ForeignUrls) ? files.Endpoint.AbsoluteUri.TrimEnd('/') : $"{request.Scheme}://{request.Host}";
        await Answers.JsonAsync(exchange, StatusCodes.Status200OK, json =>
        {
            json.WriteString("request_id", job.Id);
            json.WriteString("status", "QUEUED");
            if (!job.Is(TestPrompts.NoUrls))
            {
                json.WriteString("poll_url", $"{root}/v1/requests/{job.Id}");
                json.WriteString("status_url", $"{root}/v2/requests/{job.Id}/status");
                json.WriteString("response_url", $"{root}/v2/requests/{job.Id}");
            }
        });
    }

    /// <returns>The job, or null when the request has been answered.</returns>
    public async Task<Job?> AcceptAsync(Exchange exchange)
    {
        if (await gate.EnterAsync(exchange) is not { } account || !await MayCallAsync(exchange, account))
        {
            return null;
        }
        if (!exchange.Context.Request.HasJsonContentType())
        {
            await Answers.ErrorAsync(exchange, StatusCodes.Status406NotAcceptable, "Invalid content type");
            return null;
        }
        using var reader = new JsonBodyReader(spool);
        var body = await reader.ReadAsync(exchange.Context.Request.BodyReader, bytes => exchange.BytesRead += bytes, exchange.Aborted);
        var parameters = EditParameters.Parse(body);
        if ((reader.Error ?? parameters.Malformed) is { } malformed)
        {
            await Answers.ErrorAsync(exchange, StatusCodes.Status400BadRequest, malformed);
            return null;
        }
        if (parameters.Invalid is { } invalid && options.InvalidValues is InvalidValues.Refuse)
        {
            await Answers.ErrorAsync(exchange, StatusCodes.Status406NotAcceptable, invalid);
            return null;
        }
        return await AcceptAsync(exchange, account, body.ToArray(), parameters, reader.Images);
    }

    private async Task<Job?> AcceptAsync(Exchange exchange, Account account, byte[] body, EditParameters parameters, IReadOnlyList<InlineImage> images)
    {
        InlineImage? image;
        try
        {
            image = Placeholder.Index(parameters.Image) is { } index ? images[index] : sources.DecodeInline(parameters.Image);
        }
        catch (SourceImageException error)
        {
            await Answers.ErrorAsync(exchange, StatusCodes.Status400BadRequest, error.Message);
            return null;
        }
        var (job, refusal) = jobs.Accept(account, exchange.Target.Argument, body, parameters, image);
        if (refusal is not null)
        {
            await Answers.ErrorAsync(exchange, StatusCodes.Status406NotAcceptable, refusal);
        }
        exchange.Job = job;
        return job;
    }

    private async Task<bool> MayCallAsync(Exchange exchange, Account account)
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
        await Answers.ErrorAsync(exchange, status, message);
        return false;
    }
}
