using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Numerics;
using QwenEdit.Emulator.Spool;

namespace QwenEdit.Emulator.Cli;

/// <summary>The program's options, one for each of <see cref="EmulatorOptions"/>.</summary>
internal sealed class Settings
{
    private static readonly EmulatorOptions Defaults = new();

    private readonly Option<int> port = Port("--port", "Port of the API and the status page; 0 takes a free one.", 7433);
    private readonly Option<int> filesPort = Port("--files-port", "Port of the output files (another host at the service); 0 takes a free one.", 0);
    private readonly Option<int> historyPort = Port("--history-port", "Port of the request history (another host at the service); 0 takes a free one.", 0);
    private readonly Option<string> address = Text("--address", "IP address to listen on. Anything but loopback is warned about.", "127.0.0.1");
    private readonly Option<string[]> allowedHosts = new("--allowed-host")
    {
        Description = "Host name that requests may name besides localhost and IP addresses. Can be given several times.",
        HelpName = "name",
        DefaultValueFactory = _ => [],
    };
    private readonly Option<bool> likeTheService = new("--like-the-service")
    {
        Description = "Latency 8.73 s with a spread of 0.3, and 0.0364 credits a job: the service's published averages.",
    };
    private readonly Option<double> latency = Number("--latency", "Median seconds that a job takes when a worker is free.", 2);
    private readonly Option<double> latencySpread = Number("--latency-spread", "Sigma of the log-normal spread of the latency; 0 is none.", 0);
    private readonly Option<int> workers = Int("--workers", "Jobs processed at once, the others queue; 0 is without limit.", Defaults.Workers);
    private readonly Option<string> key = Text("--key", "API key of the first account.", Defaults.ApiKey);
    private readonly Option<decimal> credits = Money("--credits", "Balance of an account, in credits.", Defaults.Credits);
    private readonly Option<decimal> cost = Money("--cost", "What a completed job costs, in credits (US dollars). The default is the service's average.", Defaults.CostPerJob);
    private readonly Option<int> insufficientCredits = InsufficientCredits();
    private readonly Option<int> rpm = Int("--rpm", "Requests per minute and key; 0 is without limit.", 0);
    private readonly Option<double> rateLimitWindow = Number(
        "--rate-limit-window", "Seconds of the fixed window in which --rpm requests are accepted.", "number", Defaults.RateLimitWindow.TotalSeconds, most: 1e9, least: 1);
    private readonly Option<bool> pollsCount = new("--polls-count") { Description = "GETs count for the rate limit too." };
    private readonly Option<ResetFormat> rateLimitReset = Choice("--rate-limit-reset", "How x-rate-limit-reset-at-utc is written.", Defaults.RateLimitReset);
    private readonly Option<EditMode> edit = Choice("--edit", "What happens to an image: a caption, or nothing (for benchmarks).", Defaults.Edit);
    private readonly Option<InvalidValues> invalid = Choice("--invalid-values", "Missing fields and values out of range: the job fails (422), or the POST is refused (400, 406).", Defaults.InvalidValues);
    private readonly Option<RemoteImages> remoteImages = Choice("--remote-images", "An image that is a URL of another host: a placeholder picture, or the job fails.", Defaults.RemoteImages);
    private readonly Option<RequestIdFormat> requestIds = Choice("--request-ids", "How request ids are written.", Defaults.RequestIds);
    private readonly Option<double> recordRetention = Number("--record-retention", "Minutes that a request can be polled after its submission.", Defaults.RecordRetention.TotalMinutes);
    private readonly Option<double> fileRetention = Number("--file-retention", "Hours that an output file can be downloaded.", Defaults.FileRetention.TotalHours);
    private readonly Option<bool> noHistory = new("--no-history") { Description = "No request history: its paths answer 404." };
    private readonly Option<double> historyDelay = Number("--history-delay", "Seconds until a request shows up in the history.", 0);
    private readonly Option<HistoryBody> historyBody = Choice("--history-body", "What the history keeps of inline images.", Defaults.HistoryBody);
    private readonly Option<int> randomSeed = Int("--random-seed", "Seeds latencies, random seeds of edits and shares of faults.", Defaults.RandomSeed);
    private readonly Option<string?> spool = new("--spool-folder") { Description = "Folder for the temporary image files. [default: the system's]", HelpName = "folder" };
    private readonly Option<bool> quiet = new("--quiet", "-q") { Description = "No line per request." };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[
            port, filesPort, historyPort, address, allowedHosts, key, credits, cost, insufficientCredits, likeTheService, latency, latencySpread, workers,
            rpm, rateLimitWindow, pollsCount, rateLimitReset, edit, invalid, remoteImages, requestIds, recordRetention, fileRetention, noHistory, historyDelay, historyBody, randomSeed, spool, quiet])
        {
            command.Add(option);
        }
        address.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !IPAddress.TryParse(result.Tokens[0].Value, out _))
            {
                result.AddError($"--address takes an IP address such as 127.0.0.1 or 0.0.0.0, not '{result.Tokens[0].Value}'.");
            }
        });
    }

    public EmulatorOptions Read(ParseResult parsed) => new()
    {
        Address = IPAddress.Parse(parsed.GetRequiredValue(address)),
        Port = parsed.GetValue(port),
        FilesPort = parsed.GetValue(filesPort),
        HistoryPort = parsed.GetValue(historyPort),
        AllowedHosts = parsed.GetRequiredValue(allowedHosts),
        Latency = IsAverage(parsed, latency) ? EmulatorOptions.LikeTheService.Latency : TimeSpan.FromSeconds(parsed.GetValue(latency)),
        LatencySpread = IsAverage(parsed, latencySpread) ? EmulatorOptions.LikeTheService.LatencySpread : parsed.GetValue(latencySpread),
        Workers = parsed.GetValue(workers),
        ApiKey = parsed.GetRequiredValue(key),
        Credits = parsed.GetValue(credits),
        CostPerJob = IsAverage(parsed, cost) ? EmulatorOptions.LikeTheService.CostPerJob : parsed.GetValue(cost),
        InsufficientCreditsStatus = parsed.GetValue(insufficientCredits),
        RequestsPerMinute = parsed.GetValue(rpm),
        RateLimitWindow = TimeSpan.FromSeconds(parsed.GetValue(rateLimitWindow)),
        PollsCount = parsed.GetValue(pollsCount),
        RateLimitReset = parsed.GetValue(rateLimitReset),
        Edit = parsed.GetValue(edit),
        InvalidValues = parsed.GetValue(invalid),
        RemoteImages = parsed.GetValue(remoteImages),
        RequestIds = parsed.GetValue(requestIds),
        RecordRetention = TimeSpan.FromMinutes(parsed.GetValue(recordRetention)),
        FileRetention = TimeSpan.FromHours(parsed.GetValue(fileRetention)),
        History = !parsed.GetValue(noHistory),
        HistoryDelay = TimeSpan.FromSeconds(parsed.GetValue(historyDelay)),
        HistoryBody = parsed.GetValue(historyBody),
        RandomSeed = parsed.GetValue(randomSeed),
        SpoolFolder = parsed.GetValue(spool),
        Log = parsed.GetValue(quiet) ? null : Console.Out,
    };

    /// <summary>Whether a value is the service's average: --like-the-service was given, and the option itself was not.</summary>
    private bool IsAverage(ParseResult parsed, Option option) => parsed.GetValue(likeTheService) && parsed.GetResult(option) is null or { Implicit: true };

    private static Option<int> InsufficientCredits()
    {
        var option = Make("--insufficient-credits", "Status of a submission on v2 that the balance doesn't cover.", "406|402", Defaults.InsufficientCreditsStatus);
        option.AcceptOnlyFromAmong("406", "402");
        return option;
    }

    private static Option<int> Port(string name, string description, int otherwise) => Number(name, description, "number", otherwise, 65535);

    private static Option<int> Int(string name, string description, int otherwise) => Number(name, description, "number", otherwise, int.MaxValue);

    private static Option<double> Number(string name, string description, double otherwise) => Number(name, description, "number", otherwise, 1e9);

    private static Option<decimal> Money(string name, string description, decimal otherwise) => Number(name, description, "credits", otherwise, 1e12m);

    private static Option<string> Text(string name, string description, string otherwise) => Make(name, description, "text", otherwise);

    private static Option<T> Choice<T>(string name, string description, T otherwise) where T : struct, Enum
    {
        var names = Enum.GetNames<T>().Select(value => value.ToLowerInvariant()).ToArray();
        var option = Make(name, description, string.Join('|', names), otherwise);
        option.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, names);
        return option;
    }

    private static Option<T> Make<T>(string name, string description, string helpName, T otherwise) => new(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => otherwise,
    };

    private static Option<T> Number<T>(string name, string description, string helpName, T otherwise, T most, T least = default) where T : struct, INumber<T>
    {
        var option = Make(name, description, helpName, otherwise);
        option.CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
            {
                return value;
            }
            var kind = T.One / (T.One + T.One) == T.Zero ? "an integer" : "a number";
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} takes {kind} from {least} to {most}, not '{text}'."));
            return default;
        };
        return option;
    }
}
