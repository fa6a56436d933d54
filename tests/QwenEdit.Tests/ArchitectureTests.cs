using QwenEdit.Tests.Support;

namespace QwenEdit.Tests;

/// <summary>The arrows between the rooms run one way, and no dependency shows. Read from the built DLL, method bodies included.</summary>
public sealed class ArchitectureTests : IDisposable
{
    private const string PowerShell = "System.Management.Automation";
    private const string Commands = "QwenEdit.Commands";
    private const string Engine = "QwenEdit.Engine";
    private const string Segmind = "QwenEdit.Segmind";
    private const string Files = "QwenEdit.Files";
    private const string Journal = "QwenEdit.Journal";
    private const string RateLimiting = "QwenEdit.RateLimiting";
    private const string Logging = "QwenEdit.Logging";
    private const string Telemetry = "QwenEdit.Telemetry";
    private const string Nouns = "QwenEdit";

    private readonly TypeReferences _module = new(typeof(EditRequest).Assembly.Location);

    public void Dispose() => _module.Dispose();

    [Theory]
    [InlineData(Commands, PowerShell)]
    [InlineData(Commands, Engine)]
    [InlineData(Engine, Segmind)]
    [InlineData(Engine, Files)]
    [InlineData(Engine, Nouns)]
    [InlineData(Engine, RateLimiting)]
    [InlineData(RateLimiting, Segmind)]
    [InlineData(RateLimiting, Journal)]
    [InlineData(Commands, Logging)]
    [InlineData(Engine, Telemetry)]
    [InlineData(Segmind, Telemetry)]
    [InlineData(Segmind, "Polly")]
    [InlineData(Segmind, "System.Text.Json")]
    public void What_is_known_to_be_there_is_found(string from, string to) => Assert.NotEmpty(Arrows(from, to));

    [Theory]
    [InlineData(Segmind)]
    [InlineData(Files)]
    [InlineData(Journal)]
    [InlineData(Engine)]
    [InlineData(RateLimiting)]
    [InlineData(Logging)]
    [InlineData(Telemetry)]
    [InlineData(Nouns)]
    public void Rooms_below_the_commands_know_no_PowerShell(string room)
    {
        Assert.Empty(Arrows(room, PowerShell));
        Assert.Empty(Arrows(room, "Microsoft.PowerShell"));
    }

    [Theory]
    [InlineData(Segmind, Files)]
    [InlineData(Segmind, Journal)]
    [InlineData(Files, Segmind)]
    [InlineData(Files, Journal)]
    [InlineData(Journal, Segmind)]
    [InlineData(Journal, Files)]
    public void Rooms_side_by_side_do_not_know_each_other(string from, string to) => Assert.Empty(Arrows(from, to));

    [Theory]
    [InlineData(Engine, Commands)]
    [InlineData(Segmind, Engine)]
    [InlineData(Segmind, Commands)]
    [InlineData(Files, Engine)]
    [InlineData(Files, Commands)]
    [InlineData(Journal, Engine)]
    [InlineData(Journal, Commands)]
    [InlineData(RateLimiting, Engine)]
    [InlineData(RateLimiting, Commands)]
    [InlineData(RateLimiting, Files)]
    [InlineData(Segmind, RateLimiting)]
    [InlineData(Journal, RateLimiting)]
    [InlineData(Files, RateLimiting)]
    [InlineData(Nouns, RateLimiting)]
    [InlineData(Nouns, Commands)]
    [InlineData(Nouns, Engine)]
    [InlineData(Nouns, Segmind)]
    [InlineData(Nouns, Files)]
    [InlineData(Nouns, Journal)]
    [InlineData(Logging, Commands)]
    [InlineData(Logging, Engine)]
    [InlineData(Logging, Segmind)]
    [InlineData(Logging, Files)]
    [InlineData(Logging, Journal)]
    [InlineData(Logging, Telemetry)]
    [InlineData(Telemetry, Commands)]
    [InlineData(Telemetry, Engine)]
    [InlineData(Telemetry, Segmind)]
    [InlineData(Telemetry, Files)]
    [InlineData(Telemetry, Journal)]
    [InlineData(Telemetry, Logging)]
    public void No_arrow_runs_back(string from, string to) => Assert.Empty(Arrows(from, to));

    [Fact]
    public void Http_is_spoken_by_Segmind_alone()
    {
        Assert.NotEmpty(Arrows(Segmind, "System.Net.Http"));
        Assert.All([Commands, Engine, RateLimiting, Files, Journal], room => Assert.Empty(Arrows(room, "System.Net.Http")));
    }

    [Fact]
    public void No_type_of_a_dependency_is_in_a_public_signature() =>
        Assert.Empty(
            from arrow in _module.Public()
            from to in arrow.To
            where !IsPartOfEveryPlatform(to.Assembly) && !(to.Assembly == PowerShell && arrow.From.Namespace == Commands)
            select $"{arrow.From} -> {to} of {to.Assembly}");

    // A part of .NET that comes as a package for Windows PowerShell is a dependency as any other.
    private static bool IsPartOfEveryPlatform(string assembly) =>
        assembly is "" or "netstandard" || (assembly.StartsWith("System.", StringComparison.Ordinal) && assembly is not ("System.Text.Json" or PowerShell));

    // Of a namespace and those below it; of the nouns at the top alone.
    private IEnumerable<string> Arrows(string room, string other) =>
        from arrow in _module.All()
        where IsIn(arrow.From, room)
        from target in arrow.To
        where IsIn(target, other)
        select $"{arrow.From} -> {target}";

    private static bool IsIn(TypeName type, string room) =>
        type.Namespace == room || (room != Nouns && type.Namespace.StartsWith(room + ".", StringComparison.Ordinal));
}
