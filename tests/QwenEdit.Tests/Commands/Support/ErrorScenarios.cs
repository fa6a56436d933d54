using System.Management.Automation;
using QwenEdit.Editing;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.Records;

namespace QwenEdit.Tests.Commands.Support;

/// <summary>How every error comes about.</summary>
internal static class ErrorScenarios
{
    /// <summary>Every error that a cmdlet can come to.</summary>
    internal static IReadOnlyDictionary<EditError, ErrorScenario> All { get; } = new Dictionary<EditError, ErrorScenario>
    {
        [EditError.ImageNotFound] = new(ErrorCategory.ObjectNotFound, Edit("-Path missing.png"))
        {
            Names = "missing.png",
            NextStep = "Check the path",
        },
        [EditError.ImageUnreadable] = new(ErrorCategory.PermissionDenied, Edit())
        {
            NextStep = "no other program has it open",
            Before = folder => folder.Hold("poster.png"),
        },
        [EditError.NotAnImage] = new(ErrorCategory.InvalidData, Edit())
        {
            Before = folder => folder.Text("poster.png", "a text"),
            NextStep = "Convert it",
        },
        [EditError.ImageChanged] = new(ErrorCategory.ReadError, Edit())
        {
            NextStep = "Run the command again",
            Faults = [new() { Kind = FaultKind.Answer, Route = ApiRoute.Submit, Status = 503, Next = 1 }],
            Meanwhile = async (emulator, folder) =>
            {
                await emulator.Ledger.WaitForAsync(request => request.Route == ApiRoute.Submit);
                folder.File("poster.png", MadeImages.Png[..40]);
            },
        },
        [EditError.NotAFile] = new(ErrorCategory.InvalidType, Edit("-LiteralPath ."))
        {
            Names = "",
            NextStep = "*.png",
        },
        [EditError.SourceIsResult] = new(ErrorCategory.InvalidArgument, Edit("-Path poster-edited.png"))
        {
            Names = "poster-edited.png",
            NextStep = "-DestinationPath",
            Before = folder => folder.Image("poster-edited.png"),
        },
        [EditError.InvalidUri] = new(ErrorCategory.InvalidArgument, Edit("-Uri poster.png"))
        {
            NextStep = "-Path for a file",
        },
        [EditError.InvalidRow] = new(ErrorCategory.InvalidData, "[pscustomobject] @{ Path = 'poster.png'; Prompt = 'Blue'; Steps = 99 } | Invoke-QwenImageEdit")
        {
            NextStep = "run the same command again",
        },
        [EditError.InvalidAdditionalParameter] = new(ErrorCategory.InvalidArgument, Edit() + " -AdditionalParameter @{ seed = 1 }")
        {
            NextStep = "seed",
        },
        [EditError.DestinationExists] = new(ErrorCategory.ResourceExists, Edit())
        {
            NextStep = "Use -Force",
            Before = folder => folder.Image("poster-edited.png"),
        },
        [EditError.DestinationCollision] = new(ErrorCategory.InvalidArgument, Edit("-Path poster.bmp, poster.png") + LastOfSeveral)
        {
            NextStep = "-DestinationPath script block",
            Ends = true,
            Before = folder => folder.Image("poster.bmp"),
        },
        [EditError.DestinationFormatMismatch] = new(ErrorCategory.InvalidArgument, Edit() + " -DestinationPath red.jpg")
        {
            NextStep = "-ImageFormat Jpeg",
        },
        [EditError.DestinationUnwritable] = new(ErrorCategory.WriteError, Edit() + " -DestinationPath poster.png/red.png")
        {
            NextStep = "-DestinationPath",
        },
        [EditError.InvalidEndpoint] = new(ErrorCategory.InvalidArgument, Edit() + " -Endpoint http://example.com")
        {
            Names = "http://example.com",
            NextStep = "Correct -Endpoint",
            Ends = true,
        },
        [EditError.ApiKeyMissing] = new(ErrorCategory.AuthenticationError, Edit() + " -ApiKey ''")
        {
            Names = "",
            NextStep = "SEGMIND_API_KEY",
            Ends = true,
        },
        [EditError.ApiKeyRejected] = new(ErrorCategory.AuthenticationError, Edit() + " -ApiKey SG_fedcba9876543210")
        {
            NextStep = "Check the key",
        },
        [EditError.ModelForbidden] = new(ErrorCategory.PermissionDenied, Edit() + " -Model qwen-image-edit-private")
        {
            NextStep = "another key",
        },
        [EditError.ModelNotFound] = new(ErrorCategory.ObjectNotFound, Edit() + " -Model no-such-model")
        {
            NextStep = "Check -Model",
        },
        [EditError.ModelRetired] = new(ErrorCategory.ResourceUnavailable, Edit() + " -Model qwen-image-edit-retired")
        {
            NextStep = "another -Model",
        },
        [EditError.InsufficientCredits] = new(ErrorCategory.QuotaExceeded, "Invoke-QwenImageEdit poster.png 'emulate:cost=1000'")
        {
            NextStep = "Add credits",
        },
        [EditError.SpendLimitReached] = Answered(ErrorCategory.QuotaExceeded, 406, "Spend limit reached for your team") with { NextStep = "raise the limit" },
        [EditError.CreditNotFound] = new(ErrorCategory.ObjectNotFound, "Get-QwenEditCredit")
        {
            Names = "",
            NextStep = "right account",
            Command = "GetQwenEditCredit",
            Faults = [new() { Kind = FaultKind.Answer, Route = ApiRoute.Credits, Status = 404, Body = """{"error": "No credits found for the user"}""" }],
        },
        [EditError.RequestRejected] = Answered(ErrorCategory.InvalidArgument, 400, "prompt is too long") with { NextStep = "prompt is too long. Correct" },
        [EditError.UploadFailed] = new(ErrorCategory.InvalidResult, Edit() + " -Upload Storage")
        {
            NextStep = "-Upload Inline",
            Faults = [new() { Kind = FaultKind.Answer, Route = ApiRoute.Upload, Status = 413 }],
        },
        [EditError.RateLimited] = Answered(ErrorCategory.LimitsExceeded, 429, "Slow down", "-TimeoutSec 1") with { NextStep = "-ThrottleLimit" },
        [EditError.ServiceUnavailable] = Answered(ErrorCategory.ResourceUnavailable, 500, "Oops", "-MaximumRetryCount 0") with { NextStep = "later" },
        [EditError.ConnectionFailed] = new(ErrorCategory.ConnectionError, Edit() + " -Endpoint http://127.0.0.1:1 -MaximumRetryCount 0")
        {
            NextStep = "Check the network",
        },
        [EditError.OutcomeUnknown] = new(ErrorCategory.InvalidResult, Edit())
        {
            NextStep = "not sent again",
            Faults = [new() { Kind = FaultKind.ResetAfterAccepting, Route = ApiRoute.Submit }],
        },
        [EditError.JobFailed] = new(ErrorCategory.InvalidResult, "Invoke-QwenImageEdit poster.png 'emulate:policy'")
        {
            NextStep = "Change the prompt",
        },
        [EditError.JobNotFinished] = new(ErrorCategory.ResourceBusy, "Submit-QwenImageEdit poster.png 'emulate:queued' | Receive-QwenEditResult")
        {
            Names = "QUEUED",
            NextStep = "Use -Wait",
            Command = "ReceiveQwenEditResult",
        },
        [EditError.RecordExpired] = new(ErrorCategory.ObjectNotFound, "Receive-QwenEditResult 11111111-2222-3333-4444-555555555555")
        {
            Names = "11111111-2222-3333-4444-555555555555",
            NextStep = "request history",
            Command = "ReceiveQwenEditResult",
        },
        [EditError.TimedOut] = new(ErrorCategory.OperationTimeout, "Invoke-QwenImageEdit poster.png 'emulate:processing' -TimeoutSec 1")
        {
            NextStep = "Receive-QwenEditResult -RequestId",
        },
        [EditError.OutputInvalid] = new(ErrorCategory.InvalidData, "Invoke-QwenImageEdit poster.png 'emulate:html' -MaximumRetryCount 0")
        {
            NextStep = "Receive-QwenEditResult -RequestId",
        },
        [EditError.UnexpectedAnswer] = new(ErrorCategory.ProtocolError, "Submit-QwenImageEdit poster.png 'Make it red' | Receive-QwenEditResult")
        {
            Names = "418",
            NextStep = "Check -Endpoint",
            Command = "ReceiveQwenEditResult",
            Faults = [new() { Kind = FaultKind.Answer, Route = ApiRoute.Status, Status = 418 }],
        },
        [EditError.JournalUnavailable] = new(ErrorCategory.WriteError, Edit() + " -JournalPath ./poster.png/journal.db")
        {
            NextStep = "-JournalPath",
            Ends = true,
        },
        [EditError.JournalDamaged] = new(ErrorCategory.InvalidData, Edit() + " -JournalPath ./journal.txt")
        {
            Names = "journal.txt",
            NextStep = "Move the file aside",
            Ends = true,
            Before = folder => folder.Text("journal.txt", new string('x', 2000)),
        },
        [EditError.LogUnavailable] = new(ErrorCategory.WriteError, Edit() + " -LogPath ./poster.png")
        {
            NextStep = "Name a folder",
            Ends = true,
        },
        [EditError.JobNotInJournal] = new(ErrorCategory.ObjectNotFound, "Remove-QwenEditJob 999 -Confirm:$false")
        {
            Names = "999",
            NextStep = "Get-QwenEditJob",
            Command = "RemoveQwenEditJob",
        },
        [EditError.JobUnfinished] = new(ErrorCategory.ResourceBusy, "Submit-QwenImageEdit poster.png -Prompt x | Remove-QwenEditJob -Confirm:$false")
        {
            NextStep = "Resume-QwenImageEdit",
            Command = "RemoveQwenEditJob",
        },
        [EditError.SubmissionStopped] = new(
            ErrorCategory.OperationStopped, "Invoke-QwenImageEdit poster.png, *.jpg 'emulate:cost=1000' -ThrottleLimit 1" + LastOfSeveral)
        {
            Names = "1 image was not submitted",
            NextStep = "run the same command again",
            Ends = true,
            Before = folder => folder.Image("another.jpg"),
        },
    };

    private const string LastOfSeveral = " -ErrorAction SilentlyContinue -ErrorVariable all; throw $all[-1]";

    private static string Edit(string image = "-Path poster.png") => $"Invoke-QwenImageEdit {image} -Prompt 'Make it red'";

    private static ErrorScenario Answered(ErrorCategory category, int status, string message, string arguments = "") => new(
        category, $"{Edit()} {arguments}")
    {
        Faults = [new() { Kind = FaultKind.Answer, Route = ApiRoute.Submit, Status = status, Body = $$"""{"error": "{{message}}"}""" }],
    };
}
