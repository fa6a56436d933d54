using System.Text.Json.Nodes;
using QwenEdit.Emulator;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;

namespace QwenEdit.Tests.Emulation;

/// <summary>The status page in a browser.</summary>
public sealed class StatusPageTests : EmulatorTest
{
    /// <summary>What reaches beyond its section, or beyond the window. A cell that is cut on purpose ends in an ellipsis, and stays inside.</summary>
    private const string CutOff = """
        [...document.querySelectorAll('body *')].filter(element => {
            const box = element.getBoundingClientRect();
            const edge = element.parentElement.closest('section')?.getBoundingClientRect().right ?? innerWidth;
            const text = element.scrollWidth > element.clientWidth && getComputedStyle(element).display === 'block' && element.tagName !== 'SECTION';
            return box.width > 0 && (box.right > edge + 1 || text) && !element.closest('.wide');
        }).map(element => `${element.tagName} ${element.className} ${element.textContent.trim().slice(0, 30)}`)
        """;

    /// <summary>Waits until everything is drawn.</summary>
    private const string Drawn = """
        new Promise(done => {
            const look = () => document.querySelectorAll('.job').length === 4 && document.querySelectorAll('#faults tr').length === 3 ? done(true) : setTimeout(look, 20);
            look();
        })
        """;

    public override Task InitializeAsync() => StartAsync(new EmulatorOptions(), edit: true);

    [BrowserFact]
    public async Task Nothing_is_cut_off_at_any_width()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await FillAsync();
        await using var browser = await HeadlessBrowser.OpenAsync(Service.Endpoint, patience.Token);
        foreach (var width in (int[])[360, 400, 800, 1400])
        {
            await browser.ResizeAsync(width, patience.Token);
            await browser.EvaluateAsync(Drawn, patience.Token);

            var cut = (await browser.EvaluateAsync(CutOff, patience.Token))!.AsArray().Select(element => element!.GetValue<string>());

            Assert.Equal((width, ""), (width, string.Join('\n', cut)));
        }
    }

    private async Task FillAsync()
    {
        await EditAsync("Change '1000$' to '5$'", ("image", "https://images.example/poster.png"));
        await EditAsync("emulate:fail");
        await SubmitAsync("emulate:queued " + string.Concat(Enumerable.Repeat("many words ", 30)));
        await SubmitAsync("emulate:processing " + new string('x', 300));
        await PostAsync("/_emulator/keys", JsonNode.Parse("""{"key": "SG_1111111111111111", "credits": 123456.789, "requests_per_minute": 60, "spend_limit": 1}""")!);
        Service.Faults.Add(new Fault { Kind = FaultKind.ResetAfterAccepting, Route = ApiRoute.File, Share = 0.07, Skip = 3 });
        Service.Faults.Add(new Fault { Kind = FaultKind.Trickle, Route = ApiRoute.History, Next = 1000, Name = "a long name that somebody gave to a fault" });
        Service.Faults.Add(new Fault { Kind = FaultKind.AnswerAfterAccepting, Route = ApiRoute.Credits, Name = new string('y', 80) });
    }
}
