namespace QwenEdit.Emulator;

/// <summary>The balance of an account.</summary>
internal sealed class CreditsEndpoint(Gate gate, JobQueue jobs)
{
    public async Task GetAsync(Exchange exchange)
    {
        if (await gate.EnterAsync(exchange) is not { } account)
        {
            return;
        }
        if (account.State is KeyState.NoBalance)
        {
            await Answers.ErrorAsync(exchange, StatusCodes.Status404NotFound, "No credits found for the user");
            return;
        }
        var credits = jobs.WithMoney(() => account.Credits);
        await Answers.JsonAsync(exchange, StatusCodes.Status200OK, json =>
        {
            json.WriteNumber("credits", credits);
            json.WriteNumber("free-credits", 0.0m);
        });
    }
}
