namespace QuickStart.Posters;

/// <summary>The sample posters. Their foot is left plain: the emulator writes its caption there.</summary>
internal static class Printer
{
    /// <summary>Each poster's file name, and what draws it.</summary>
    public static IReadOnlyList<(string Name, Func<Canvas> Draw)> All { get; } =
    [
        ("sale.png", () => Sale("1000$")),
        ("tea.png", Tea),
        ("harbour.jpg", Harbour),
        ("jazz.jpg", Jazz),
        ("coffee.webp", Coffee),
    ];

    public static Canvas Sale(string price) => new Canvas(720, 960, "#e8433f", "#c9252d")
        .Rays(360, 440, 18, "#ffffff14")
        .Text(128, 84, "#fff3d6", "SUMMER SALE", bold: 0.03, spacing: 6)
        .Text(186, 34, "#ffd9b0", "one week by the sea", spacing: 2)
        .Star(360, 470, 262, 226, 24, "#00000022")
        .Star(360, 460, 262, 226, 24, "#ffcf33")
        .Ring(360, 460, 200, 4, "#c9252d")
        .Text(394, 40, "#c9252d", "now only", spacing: 2)
        .Text(504, 118, "#8f1220", price, bold: 0.05)
        .Text(566, 34, "#c9252d", "for two", spacing: 2)
        .Waves(800, 14, 240, 0, "#1f7fa6")
        .Waves(836, 14, 240, 120, "#17688a")
        .Waves(876, 12, 240, 40, "#10516d");

    private static Canvas Tea() => new Canvas(720, 960, "#f4f0e3", "#dfe8d3")
        .Circle(360, 320, 256, "#e9b44c")
        .Circle(360, 320, 226, "#eec06a")
        .Text(350, 184, "#3b4a2f", "早茶", bold: 0.02, spacing: 12)
        .Text(438, 50, "#3b4a2f", "MORNING TEA", bold: 0.02, spacing: 5)
        .Ring(474, 630, 30, 12, "#5d7a4c")
        .Bowl(360, 590, 116, "#5d7a4c")
        .Rectangle(236, 582, 484, 600, "#4c6640", 9)
        .Rectangle(190, 712, 530, 724, "#7f946a", 6)
        .Text(778, 36, "#3b4a2f", "Fresh every day · 每日新鲜", spacing: 1);

    private static Canvas Harbour() => new Canvas(960, 720, "#5bb5e6", "#d8eefa")
        .Circle(810, 250, 70, "#fff0a8")
        .Circle(810, 250, 54, "#ffdf5d")
        .Polygon("#8fb9a8", (0, 470), (170, 330), (300, 420), (430, 300), (620, 470))
        .Polygon("#6fa08c", (420, 470), (640, 360), (760, 420), (900, 330), (960, 380), (960, 470))
        .Waves(456, 8, 200, 0, "#2f8fbf")
        .Rectangle(482, 196, 490, 470, "#6b4a2f")
        .Polygon("#fdfbf3", (478, 214), (478, 440), (330, 440))
        .Polygon("#f2e4c4", (494, 240), (494, 440), (614, 440))
        .Polygon("#b5452c", (324, 452), (636, 452), (590, 540), (370, 540))
        .Waves(504, 10, 180, 60, "#2379a6")
        .Waves(556, 10, 220, 20, "#1b658d")
        .Text(104, 74, "#0f3f5c", "HARBOUR DAYS", bold: 0.03, spacing: 5)
        .Text(152, 32, "#0f3f5c", "12 – 14 June, free entry", spacing: 1);

    private static Canvas Jazz() => new Canvas(720, 960, "#1c1b3a", "#3a1f52")
        .Circle(360, 440, 268, "#0d0c1d")
        .Ring(360, 440, 236, 2, "#3c3a66")
        .Ring(360, 440, 206, 2, "#3c3a66")
        .Ring(360, 440, 176, 2, "#3c3a66")
        .Ring(360, 440, 146, 2, "#3c3a66")
        .Circle(360, 440, 112, "#ff7a59")
        .Circle(360, 440, 12, "#1c1b3a")
        .Polygon("#d9d4ea", (640, 190), (652, 196), (512, 470), (498, 462))
        .Circle(646, 190, 26, "#d9d4ea")
        .Text(122, 82, "#ffe3d3", "JAZZ", bold: 0.04, spacing: 22)
        .Text(404, 30, "#1c1b3a", "in the park", bold: 0.02)
        .Text(498, 30, "#1c1b3a", "8 pm", bold: 0.02)
        .Text(790, 40, "#ffb199", "Saturday, by the old bandstand", spacing: 1);

    private static Canvas Coffee() => new Canvas(720, 960, "#f3e3cf", "#e7cfb0")
        .Text(136, 84, "#4a2c1a", "SLOW COFFEE", bold: 0.03, spacing: 4)
        .Text(190, 34, "#7a5236", "roasted here, every Friday", spacing: 1)
        .Circle(360, 500, 262, "#00000012")
        .Circle(360, 490, 256, "#ffffff")
        .Ring(360, 490, 214, 3, "#e9ddcd")
        .Rectangle(500, 464, 652, 516, "#e9ddcd", 26)
        .Circle(360, 490, 172, "#f6ecdf")
        .Circle(360, 490, 150, "#5a3520")
        .Circle(360, 490, 140, "#6f4329")
        .Heart(360, 484, 5.2, "#e8c79d");
}
