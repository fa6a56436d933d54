namespace QwenEdit.Tests.Support;

/// <summary>The answers that would meet every further edit: the status, the message, and the error that it is.</summary>
public sealed class FatalAnswers : TheoryData<int, string, EditError>
{
    public FatalAnswers()
    {
        Add(401, "Missing Authorization or x-api-key in header", EditError.ApiKeyMissing);
        Add(401, "The API key has expired", EditError.ApiKeyRejected);
        Add(402, "Payment required", EditError.InsufficientCredits);
        Add(403, "Not for you", EditError.ModelForbidden);
        Add(404, "Model not found", EditError.ModelNotFound);
        Add(406, "Insufficient credits. Your balance is 0.01", EditError.InsufficientCredits);
        Add(406, "Spend limit reached", EditError.SpendLimitReached);
        Add(410, "Model is gone", EditError.ModelRetired);
    }
}
