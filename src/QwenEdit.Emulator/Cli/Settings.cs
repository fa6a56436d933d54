using System.CommandLine;
using System.Globalization;
using System.Net;

namespace QwenEdit.Emulator;

/// <summary>The program's options, one for each of <see cref="EmulatorOptions"/>.</summary>
internal sealed class Settings
{
    private static readonly EmulatorOptions Defaults = new();

    private readonly Option<int> port = Int("--port", "Port of the API and the status page; 0 takes a free one.", 7433);
    private readonly Option<int> filesPort = Int("--files-port", "Port of the output files (another host at the service); 0 takes a free one.", 0);
    private readonly Option<int> historyPort = Int("--history-port", "Port of the request history (another host at the service); 0 takes a free one.", 0);
    private readonly Option<string> address = Text("--address", "IP address to listen on. Anything but loopback is warned about.", "127.0.0.1");
    private readonly Option<double> latency = Number("--latency", "Median seconds that a job takes when a worker is free.", 2);
    private readonly Option<double> latencySpread = Number("--latency-spread", "Sigma of the log-normal spread of the latency; 0 is none.", 0);
    private readonly Option<int> workers = Int("--workers", "Jobs processed at once, the others queue; 0 is without limit.", Defaults.Workers);
    private readonly Option<string> key = Text("--key", "API key of the first account.", Defaults.ApiKey);
    private readonly Option<decimal> credits = Money("--credits", "Balance of an account, in credits.", Defaults.Credits);
    private readonly Option<decimal> cost = Money("--cost", "What a completed job costs, in credits.", Defaults.CostPerJob);
    private readonly Option<int> rpm = Int("--rpm", "Requests per minute and key; 0 is without limit.", 0);
    private readonly Option<bool> pollsCount = new("--polls-count") { Description = "GETs count for the rate limit too." };
    private readonly Option<ResetFormat> rateLimitReset = Choice("--rate-limit-reset", "How x-rate-limit-reset-at-utc is written.", Defaults.RateLimitReset);
    private readonly Option<EditMode> edit = Choice("--edit", "What happens to an image: a caption, or nothing (for benchmarks).", Defaults.Edit);
    private readonly Option<InvalidValues> invalid = Choice("--invalid-values", "Values out of range: refused at the POST (406), or the job fails (422).", Defaults.InvalidValues);
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
            port, filesPort, historyPort, address, key, credits, cost, latency, latencySpread, workers, rpm, pollsCount, rateLimitReset,
            edit, invalid, recordRetention, fileRetention, noHistory, historyDelay, historyBody, randomSeed, spool, quiet])
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
        Latency = TimeSpan.FromSeconds(parsed.GetValue(latency)),
        LatencySpread = parsed.GetValue(latencySpread),
        Workers = parsed.GetValue(workers),
        ApiKey = parsed.GetRequiredValue(key),
        Credits = parsed.GetValue(credits),
        CostPerJob = parsed.GetValue(cost),
        RequestsPerMinute = parsed.GetValue(rpm),
        PollsCount = parsed.GetValue(pollsCount),
        RateLimitReset = parsed.GetValue(rateLimitReset),
        Edit = parsed.GetValue(edit),
        InvalidValues = parsed.GetValue(invalid),
        RecordRetention = TimeSpan.FromMinutes(parsed.GetValue(recordRetention)),
        FileRetention = TimeSpan.FromHours(parsed.GetValue(fileRetention)),
        History = !parsed.GetValue(noHistory),
        HistoryDelay = TimeSpan.FromSeconds(parsed.GetValue(historyDelay)),
        HistoryBody = parsed.GetValue(historyBody),
        RandomSeed = parsed.GetValue(randomSeed),
        SpoolFolder = parsed.GetValue(spool),
        Log = parsed.GetValue(quiet) ? null : Console.Out,
    };

    private static Option<int> Int(string name, string description, int otherwise) => AtLeast0(Make(name, description, "number", otherwise), value => value < 0);

    private static Option<double> Number(string name, string description, double otherwise) => AtLeast0(Make(name, description, "number", otherwise), value => value < 0);

    private static Option<decimal> Money(string name, string description, decimal otherwise) => AtLeast0(Make(name, description, "credits", otherwise), value => value < 0);

    private static Option<string> Text(string name, string description, string otherwise) => Make(name, description, "text", otherwise);

    private static Option<T> Choice<T>(string name, string description, T otherwise) where T : struct, Enum =>
        Make(name, description, string.Join('|', Enum.GetNames<T>()).ToLowerInvariant(), otherwise);

    private static Option<T> Make<T>(string name, string description, string helpName, T otherwise) => new(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => otherwise,
    };

    private static Option<T> AtLeast0<T>(Option<T> option, Func<T, bool> isNegative)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && isNegative(result.GetValueOrDefault<T>()!))
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{option.Name} is at least 0."));
            }
        });
        return option;
    }
}
