using QwenEdit.Emulator.Accounts;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Jobs;

namespace QwenEdit.Emulator.History;

/// <summary>The account's request history: the outcome of every request, of any age.</summary>
internal sealed class HistoryEndpoint(EmulatorOptions options, EmulatorClock clock, RequestAdmission admission, JobQueue jobs, HistoryRecord row)
{
    public async Task GetAsync(ApiContext exchange)
    {
        if (!options.History)
        {
            await ApiResponses.ErrorAsync(exchange, StatusCodes.Status404NotFound, "Not found");
            return;
        }
        if (await admission.EnterAsync(exchange) is not { } account)
        {
            return;
        }
        var id = exchange.Target.Argument;
        await (id is "" or RequestTarget.GenerationsArgument ? ListAsync(exchange, account, older: id.Length > 0) : GetOneAsync(exchange, account, id));
    }

    private async Task GetOneAsync(ApiContext exchange, Account account, string id)
    {
        if (!Guid.TryParse(id, out var parsed) || jobs.Look(parsed, (job, now) => Shown(job, now, account)) is not { } view)
        {
            await ApiResponses.ErrorAsync(exchange, StatusCodes.Status404NotFound, $"Request {id} not found");
            return;
        }
        exchange.Job = view.Job;
        await ApiResponses.StreamAsync(exchange, StatusCodes.Status200OK, json => row.WriteAsync(json, view, exchange.Aborted));
    }

    private async Task ListAsync(ApiContext exchange, Account account, bool older)
    {
        HistoryQuery query;
        try
        {
            query = HistoryQuery.Read(exchange.Context.Request.Query, clock.Now, older);
        }
        catch (FormatException error)
        {
            await ApiResponses.ErrorAsync(exchange, StatusCodes.Status400BadRequest, error.Message);
            return;
        }
        var views = jobs.LookAtAll((job, now) => Shown(job, now, account)).OfType<JobView>().Where(query.Includes).ToList();
        var page = query.Sort(views).Skip((int)Math.Min(int.MaxValue, (query.Page - 1L) * query.PerPage)).Take(query.PerPage);
        await ApiResponses.StreamAsync(exchange, StatusCodes.Status200OK, async json =>
        {
            json.WriteStartObject();
            json.WriteNumber("page", query.Page);
            json.WriteNumber("per_page", query.PerPage);
            json.WriteNumber("total", views.Count);
            json.WriteNumber("total_pages", (views.Count + query.PerPage - 1) / query.PerPage);
            json.WriteStartArray("data");
            foreach (var view in page)
            {
                await row.WriteAsync(json, view, exchange.Aborted);
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private JobView? Shown(Job job, long now, Account account) =>
        job.Account == account && now >= job.Accepted + options.HistoryDelay.Ticks ? JobView.Of(job, now) : null;
}
