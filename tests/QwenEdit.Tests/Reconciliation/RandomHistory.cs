using System.Text.Json.Nodes;
using QwenEdit.Commands.Parameters;
using QwenEdit.Emulator;
using QwenEdit.Journal;
using QwenEdit.Reconciliation;
using static QwenEdit.Tests.Reconciliation.HistoryMatcherParts;

namespace QwenEdit.Tests.Reconciliation;

/// <summary>
/// A random account: edits of this journal that have jobs or have none, or were removed, other people's requests that look like them, and a history that is
/// late, cut, broken or another account's. What is true is known here only.
/// </summary>
internal sealed class RandomHistory
{
    private readonly Random _random;
    private readonly List<EditEntry> _unanswered = [];
    private readonly List<EditEntry> _accepted = [];
    private readonly List<EditEntry> _lost = [];
    private readonly List<(JsonObject Row, DateTimeOffset ShownAt)> _rows = [];
    private readonly HashSet<string> _past = [];
    private readonly HashSet<string> _lostJobs = [];
    private readonly Dictionary<long, string?> _jobs = [];
    private readonly TimeSpan _clockError;
    private readonly HistoryBody _keep;
    private readonly bool _isFair;
    private List<JsonObject> _shown = [];
    private DateTimeOffset _asked;
    private bool _isAnothers;

    /// <summary>Makes a fixture.</summary>
    /// <param name="number">Another one for each number.</param>
    /// <param name="isFair">With a history that shows all, whole and in time, and no two requests that are alike.</param>
    /// <param name="isSparse">With few edits, a history without images, and a clock that is right in half of them.</param>
    internal RandomHistory(int number, bool isFair = false, bool isSparse = false)
    {
        _random = new Random(number);
        _isFair = isFair;
        // Whatever this machine's clock says, the law must hold.
        _clockError = (isFair || _random.Next(2) == 0 ? isSparse ? TimeSpan.FromMinutes(1) : ClockMargin : TimeSpan.FromHours(3)) * ((_random.NextDouble() * 1.9) - 0.95);
        _keep = isSparse ? HistoryBody.Omitted : isFair || _random.Next(2) == 0 ? HistoryBody.Whole : _random.Next(2) == 0 ? HistoryBody.Cut : HistoryBody.Omitted;
        int edits = isSparse ? _random.Next(1, 4) : _random.Next(2, 8);
        for (int id = 1; id <= edits; id++)
        {
            AddEdit(id);
        }

        if (isFair)
        {
            AddAccepted(edits + 1, Edit(edits + 1, Image(200)) with { Submitting = Time(), SentUntil = null });
        }

        for (int other = _random.Next(isFair ? 1 : isSparse ? 3 : 6); other > 0; other--)
        {
            AddAnothers(other);
        }
    }

    /// <summary>The id of an edit's job; <see langword="null"/> if it has none.</summary>
    internal string? JobOf(long id) => _jobs[id];

    /// <summary>
    /// Whether nothing that the history shows tells another's request from this edit's, which it does not show: it is the only one with these fields
    /// near the edit's time, no other edit can have it, and the settling time is over.
    /// </summary>
    internal bool IsIndistinguishable(long id, string requestId)
    {
        EditEntry edit = Find(id);
        TimeSpan near = TimeSpan.FromMinutes(2);
        JsonObject row = _shown.First(row => IdOf(row) == requestId);
        DateTimeOffset created = CreatedOf(row)!.Value;
        bool isItsJobShown = JobOf(id) is { } job && _shown.Any(row => IdOf(row) == job);
        bool isHistoryRight = !_isAnothers || !_accepted.Any(known => known.ServiceAccepted + SettlingTime <= _asked);
        return _keep == HistoryBody.Omitted
            && !isItsJobShown
            && (JobOf(id) is null || (_isAnothers && isHistoryRight))
            && _asked >= edit.ServiceNotAfter + SettlingTime
            && created >= edit.Submitting - near && created <= edit.SentUntil + near
            && !_past.Contains(requestId)
            && _shown.Where(other => !IsKnown(IdOf(other)) && IsLike(edit, other)).Select(IdOf).Distinct().SequenceEqual([requestId])
            && !_unanswered.Concat(_lost).Any(other => other.Id != id && IsLike(other, row));
    }

    /// <summary>Settles its edits, once, by pages of that many rows.</summary>
    internal IReadOnlyDictionary<long, HistoryMatch> Settle(int pageSize = int.MaxValue)
    {
        DateTimeOffset asked = Noon.AddMinutes(_isFair ? 80 : _random.Next(0, 120));
        List<JsonObject> rows = [.. _rows.Where(row => row.ShownAt <= asked).Select(row => row.Row)];
        if (!_isFair)
        {
            rows = Spoil(rows, asked);
        }

        (_shown, _asked) = (rows, asked);
        JsonObject[] shuffled = [.. rows];
        _random.Shuffle(shuffled);
        // The service's time is the true one.
        return HistoryMatcherParts.Settle(_unanswered, _accepted, shuffled.Chunk(pageSize).Select(page => Read(page)), asked, [.. _past], _lost);
    }

    private void AddEdit(int id)
    {
        // Few images, prompts and seeds, so that many are twins.
        int image = _isFair ? id : _random.Next(3);
        string prompt = $"Make it {(_random.Next(3) == 0 ? "red" : "blue")}";
        EditEntry edit = _random.Next(2) == 0
            ? Edit(id, Image(image), prompt, wish: -1, drawn: _random.NextInt64(1_000_000_000_000_000))
            : Edit(id, Image(image), prompt);
        DateTimeOffset sent = Time();
        var silent = TimeSpan.FromSeconds(_random.Next(1, 100));
        edit = edit with
        {
            Submitting = sent + _clockError,
            SentUntil = sent + _clockError + silent,
            ServiceNotBefore = _random.Next(2) == 0 ? null : sent.AddSeconds(-_random.Next(1000)),
            ServiceNotAfter = sent + silent + TimeSpan.FromSeconds(_random.Next(1000)),
        };
        if (_random.Next(4) == 0)
        {
            // A try before this one, which failed.
            string past = NewId();
            _past.Add(past);
            Show(Row(past, edit, Image(image), _keep).At(sent.AddSeconds(-_random.Next(1, 300))), sent);
        }

        switch (_random.Next(3))
        {
            case 0:
                AddAccepted(id, edit, image);
                break;
            case 1:
                Add(id, edit, null);
                break;
            default:
                string job = NewId();
                DateTimeOffset accepted = sent + ((edit.SentUntil.Value - edit.Submitting.Value) * _random.NextDouble());
                Show(Row(job, edit, Image(image), _keep).At(accepted), accepted);
                if (!_isFair && _random.Next(4) == 0)
                {
                    // Settled by hand: its job is not known to be its own.
                    _lost.Add(edit);
                    _lostJobs.Add(job);
                    break;
                }

                Add(id, _isFair || _random.Next(5) > 0 ? edit : edit with { State = EditState.Submitting, SentUntil = null, ServiceNotAfter = null }, job);
                break;
        }
    }

    private void Add(int id, EditEntry edit, string? job)
    {
        _unanswered.Add(edit);
        _jobs.Add(id, job);
    }

    private void AddAccepted(int id, EditEntry edit, int image = 200)
    {
        EditEntry accepted = edit.AcceptedAs($"known-{id}");
        DateTimeOffset at = accepted.Submitted!.Value - _clockError;
        _accepted.Add(accepted with { ServiceAccepted = at });
        Show(Row(accepted.RequestId!, edit, Image(image), _keep).At(at), at);
    }

    // The same prompts and seeds, other images: where the history does not keep these, the rows look alike.
    private void AddAnothers(int number)
    {
        int image = 100 + number;
        EditEntry like = Edit(1000 + number, Image(image), $"Make it {(_random.Next(3) == 0 ? "red" : "blue")}", wish: _random.Next(3) == 0 ? 8 : 7);
        DateTimeOffset at = Time();
        Show(Row(NewId(), like, Image(image), _keep).At(at), at);
    }

    private void Show(JsonObject row, DateTimeOffset accepted) =>
        _rows.Add((row, accepted + (_isFair ? TimeSpan.FromSeconds(30) : SettlingTime * _random.NextDouble())));

    private List<JsonObject> Spoil(List<JsonObject> rows, DateTimeOffset asked)
    {
        switch (_random.Next(8))
        {
            // Of another account, or behind a proxy that knows nothing.
            case 0:
                _isAnothers = true;
                return [.. rows.Where(row => !IsOurs(row))];
            case 1:
                rows.ForEach(row => row["model_name"] = "Qwen Image Edit Fast");
                break;
            case 2:
                rows.ForEach(row => row.At(null));
                break;
            case 3:
                rows.ForEach(row => row.Remove("request_body"));
                break;
            case 4:
                return StopShowing(rows, asked);
            case 5 when rows.Count > 0:
                // One with two outputs.
                rows.Add(rows[_random.Next(rows.Count)].DeepClone().AsObject());
                break;
        }

        return rows;
    }

    // From some moment on nothing new was taken in. Such an outage can be seen only if it hides what the journal knows was accepted long enough
    // ago; one that hides nothing else than what is unknown must be over within the settling time.
    private List<JsonObject> StopShowing(List<JsonObject> rows, DateTimeOffset asked)
    {
        DateTimeOffset stop = Time();
        bool isSeen = _accepted.Any(edit => edit.Submitted - _clockError is var at && at > stop && at + SettlingTime <= asked);
        return isSeen ? [.. rows.Where(row => DateTimeOffset.Parse((string)row["model_created"]!, null) <= stop)] : rows;
    }

    private bool IsOurs(JsonObject row) => IdOf(row) is var id && (_lostJobs.Contains(id) || _jobs.ContainsValue(id) || _accepted.Any(edit => edit.RequestId == id));

    private bool IsKnown(string id) => _past.Contains(id) || _accepted.Any(edit => edit.RequestId == id);

    private EditEntry Find(long id) => _unanswered.Single(edit => edit.Id == id);

    // By the fields, and by the service's own times, which are the true ones.
    private static bool IsLike(EditEntry edit, JsonObject row) =>
        (row["request_body"] is not JsonObject body || ((string)body["prompt"]! == edit.Prompt && (long)body["seed"]! == edit.Seed))
        && (CreatedOf(row) is not { } created
            || !(created < edit.ServiceNotBefore - ClockMargin || created > edit.ServiceNotAfter + ClockMargin));

    private static string IdOf(JsonObject row) => (string)row["request_id"]!;

    private static DateTimeOffset? CreatedOf(JsonObject row) => (string?)row["model_created"] is { } text ? DateTimeOffset.Parse(text, null) : null;

    // Within the hour by which the history is checked.
    private DateTimeOffset Time() => Noon.AddSeconds(_random.Next(0, 3000));

    private string NewId() => $"job-{_random.NextInt64()}";
}
