using System.Globalization;
using QwenEdit.Emulator.Accounts;
using QwenEdit.Emulator.Jobs;

namespace QwenEdit.Emulator.History;

/// <summary>A query of the request history. Its names and defaults are those of the Python SDK 1.3.0.</summary>
internal sealed record HistoryQuery(
    int Page, int PerPage, DateTimeOffset From, DateTimeOffset Until, string? Model, string? Status, string? UserId, string? UserEmail, string SortBy, bool Descending)
{
    private const int MostDays = 31;

    /// <exception cref="FormatException">A value is out of its range; the message is for the client.</exception>
    public static HistoryQuery Read(IQueryCollection query, DateTimeOffset now, bool older)
    {
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        var to = Day(query, older ? "end_date" : "to_date") ?? today;
        var from = Day(query, older ? "start_date" : "from_date") ?? to.AddDays(-7);
        if (from > to || to - from > TimeSpan.FromDays(MostDays))
        {
            throw new FormatException($"The dates may be at most {MostDays} days apart, and the first not after the last");
        }
        return new HistoryQuery(
            Number(query, "page", 1, 1, int.MaxValue),
            Number(query, "per_page", 20, 1, 100),
            from,
            to.AddDays(1),
            Text(query, "model_name"),
            older ? "COMPLETED" : OneOf(query, "status", "COMPLETED", "FAILED", "PENDING"),
            Text(query, "user_id"),
            Text(query, "user_email"),
            OneOf(query, "sort_by", "model_created", "model_name", "credits_deduction") ?? "model_created",
            OneOf(query, "sort_order", "desc", "asc") is null or "desc");
    }

    public bool Includes(JobView view) =>
        new DateTimeOffset(view.Job.Accepted, TimeSpan.Zero) is var accepted && accepted >= From && accepted < Until
        && (Model is null || view.Job.Model.Contains(Model, StringComparison.OrdinalIgnoreCase))
        && (Status is null || Status == HistoryRecord.StatusOf(view))
        && (UserId is null || (Guid.TryParse(UserId, out var user) && user == view.Job.Account.UserId))
        && (UserEmail is null || UserEmail.Equals(view.Job.Account.UserEmail, StringComparison.OrdinalIgnoreCase));

    public IEnumerable<JobView> Sort(IEnumerable<JobView> views)
    {
        var sorted = SortBy switch
        {
            "model_name" => views.OrderBy(view => view.Job.Model, StringComparer.Ordinal).ThenBy(view => view.Job.Accepted),
            "credits_deduction" => views.OrderBy(view => view.Job.Billed).ThenBy(view => view.Job.Accepted),
            _ => views.OrderBy(view => view.Job.Accepted),
        };
        return Descending ? sorted.Reverse() : sorted;
    }

    private static string? Text(IQueryCollection query, string name) => query[name] is [{ Length: > 0 } text] ? text : null;

    private static DateTimeOffset? Day(IQueryCollection query, string name) =>
        query[name] is not [{ Length: > 0 } text] ? null
        : DateTimeOffset.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day) ? day
        : throw new FormatException($"Invalid value for {name}: YYYY-MM-DD is expected");

    private static int Number(IQueryCollection query, string name, int otherwise, int least, int most) =>
        query[name] is not [{ Length: > 0 } text] ? otherwise
        : int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw new FormatException($"Invalid value for {name}: an integer from {least} to {most} is expected");

    private static string? OneOf(IQueryCollection query, string name, params string[] values) =>
        query[name] is not [{ Length: > 0 } text] ? null
        : values.Contains(text) ? text
        : throw new FormatException($"Invalid value for {name}: one of {string.Join(", ", values)} is expected");
}
