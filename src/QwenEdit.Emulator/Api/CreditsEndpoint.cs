using QwenEdit.Emulator.Accounts;
using QwenEdit.Emulator.Jobs;

namespace QwenEdit.Emulator.Api;

/// <summary>The balance of an account.</summary>
internal sealed class CreditsEndpoint(RequestAdmission admission, JobQueue jobs)
{
    public async Task GetAsync(ApiContext exchange)
    {
        if (await admission.EnterAsync(exchange) is not { } account)
        {
            return;
        }
        if (account.State is KeyState.NoBalance)
        {
            await ApiResponses.ErrorAsync(exchange, StatusCodes.Status404NotFound, "No credits found for the user");
            return;
        }
        var credits = jobs.WithMoney(() => account.Credits);
        await ApiResponses.JsonAsync(exchange, StatusCodes.Status200OK, json =>
        {
            json.WriteNumber("credits", credits);
            json.WriteNumber("free-credits", 0.0m);
        });
    }
}
