using System.Management.Automation;
using System.Reflection;
using System.Text.RegularExpressions;
using QwenEdit.Segmind.Http;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests;

/// <summary>The rooms of the module: which may use which, read from the built DLL, method bodies included; and that a folder is a namespace.</summary>
public sealed partial class ArchitectureTests : IDisposable
{
    private const string PowerShell = "System.Management.Automation";
    private const string Models = "";

    /// <summary>For each room, the rooms of the module that it may use. All may use the models.</summary>
    private static readonly Dictionary<string, string[]> MayUse = new(StringComparer.Ordinal)
    {
        ["Commands"] = ["Editing", "Runs", "Segmind", "Journal", "Files", "Diagnostics", "Collections", "Compatibility"],
        ["Editing"] = ["Reconciliation", "Runs", "RateLimiting", "Segmind", "Journal", "Files", "Imaging", "Diagnostics", "Compatibility"],
        ["Reconciliation"] = ["Segmind", "Journal", "Files", "Diagnostics", "Collections", "Compatibility"],
        ["Runs"] = ["Segmind", "Journal", "Diagnostics", "Compatibility"],
        ["RateLimiting"] = ["Segmind", "Journal", "Diagnostics", "Compatibility"],
        ["Segmind"] = ["Imaging", "Diagnostics", "Collections", "Compatibility"],
        ["Journal"] = ["Compatibility"],
        ["Files"] = ["Imaging", "Compatibility"],
        ["Imaging"] = [],
        ["Diagnostics"] = ["Compatibility"],
        ["Collections"] = [],
        ["Compatibility"] = [],
        [Models] = [],
    };

    private readonly TypeReferences _module = new(typeof(EditRequest).Assembly.Location);

    public void Dispose() => _module.Dispose();

    public static TheoryData<string> Rooms => [.. MayUse.Keys];

    [Theory]
    [InlineData("Commands", PowerShell)]
    [InlineData("Commands", "QwenEdit.Editing")]
    [InlineData("Editing", "QwenEdit.Segmind")]
    [InlineData("Editing", "QwenEdit.Files")]
    [InlineData("Editing", "QwenEdit")]
    [InlineData("Segmind", "QwenEdit.Diagnostics")]
    [InlineData("Segmind", "Polly")]
    [InlineData("Segmind", "System.Text.Json")]
    public void What_is_known_to_be_there_is_found(string room, string other) => Assert.NotEmpty(Arrows(room, other));

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_uses_only_the_rooms_below_it(string room) => Assert.Empty(
        from arrow in _module.All()
        where RoomOf(arrow.From) == room
        from target in arrow.To
        let other = RoomOf(target)
        where other is not null && other != room && other != Models && !MayUse[room].Contains(other)
        select $"{arrow.From} -> {target}");

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Only_the_commands_know_PowerShell(string room)
    {
        if (room != "Commands")
        {
            Assert.Empty(Arrows(room, PowerShell));
            Assert.Empty(Arrows(room, "Microsoft.PowerShell"));
        }
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Only_Segmind_speaks_HTTP(string room) =>
        // What differs between the frameworks is made in one place, the handlers of HTTP included.
        Assert.Equal(room is "Segmind" or "Compatibility", Arrows(room, "System.Net.Http").Any());

    [Theory]
    [InlineData("Core")]
    [InlineData("Desktop")]
    public void Functions_of_the_operating_system_are_declared_in_one_place(string build)
    {
        using TypeReferences module = new(Path.Combine(BuiltModule.Folder, "bin", build, "QwenEdit.dll"));
        TypeName type = Assert.Single(module.WithNativeFunctions());
        Assert.Equal("Compatibility", RoomOf(type));
        Assert.Equal("NativeMethods", type.Name);
    }

    // The pipeline classifies a response, and the response keeps the row. Everything else reads it there.
    [Fact]
    public void A_response_is_classified_in_one_place() => Assert.Equal(
        ["ApiPipeline", "ApiResponse"],
        from arrow in _module.All()
        where arrow.From.Name != nameof(ResponseClassifier) && arrow.To.Any(to => to.Name == nameof(ResponseClassifier))
        orderby arrow.From.Name
        select arrow.From.Name);

    [Fact]
    public void No_type_of_a_dependency_is_in_a_public_signature() =>
        Assert.Empty(
            from arrow in _module.Public()
            from to in arrow.To
            where !IsPartOfEveryPlatform(to.Assembly) && !(to.Assembly == PowerShell && RoomOf(arrow.From) == "Commands")
            select $"{arrow.From} -> {to} of {to.Assembly}");

    [Fact]
    public void At_most_four_bases_stand_between_a_cmdlet_and_PSCmdlet()
    {
        Type[] cmdlets = [.. typeof(EditRequest).Assembly.GetTypes().Where(type => type.GetCustomAttribute<CmdletAttribute>() is not null)];
        Assert.NotEmpty(cmdlets);
        Assert.Empty(
            from cmdlet in cmdlets
            let bases = BasesOf(cmdlet).ToArray()
            where bases.Length is 0 or > 4
            select $"{cmdlet.Name}: {string.Join(" -> ", bases.Select(type => type.Name))}");
    }

    [Fact]
    public void A_shared_parameter_is_declared_once()
    {
        // These have a meaning of their own in each cmdlet.
        string[] own = ["DestinationPath", "Force", "Path", "RunId"];
        Assert.Empty(
            from property in ParameterProperties()
            where !own.Contains(property.Name)
            group property.DeclaringType!.Name by property.Name into declared
            where declared.Count() > 1
            select $"-{declared.Key}: {string.Join(", ", declared)}");
    }

    [Fact]
    public void The_commands_catch_the_errors_of_the_module_in_one_place()
    {
        string folder = Path.Combine(BuildMetadata.Get("RepositoryFolder"), "src", "QwenEdit", "Commands");
        Assert.Equal(
            ["AsyncCommand.cs"],
            Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
                .Where(file => File.ReadAllText(file).Contains("catch (QwenEditException", StringComparison.Ordinal))
                .Select(file => Path.GetFileName(file)));
    }

    [Theory]
    [InlineData("src/QwenEdit", "QwenEdit")]
    [InlineData("src/QwenEdit.Emulator", "QwenEdit.Emulator")]
    [InlineData("tests/QwenEdit.Tests", "QwenEdit.Tests")]
    public void A_folder_is_a_namespace(string project, string root)
    {
        string folder = Path.Combine(BuildMetadata.Get("RepositoryFolder"), project);
        string[] files = [.. Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))
            .Where(file => !file.StartsWith("bin/", StringComparison.Ordinal) && !file.StartsWith("obj/", StringComparison.Ordinal))];
        Assert.NotEmpty(files);
        Assert.Empty(
            from file in files
            let declared = NamespaceOf(File.ReadAllText(Path.Combine(folder, file)))
            where declared is not null && declared != ExpectedNamespace(root, file)
            select $"{file}: {declared}");
    }

    // The public types that cmdlets take and emit are named [QwenEdit.EditResult], not [QwenEdit.Models.EditResult].
    private static string ExpectedNamespace(string root, string file)
    {
        string[] folders = file.Split('/')[..^1];
        return string.Join('.', root == "QwenEdit" && folders is ["Models"] ? [root] : [root, .. folders]);
    }

    private static string? NamespaceOf(string source) => NamespacePattern().Match(source) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex("^namespace ([^;]+);", RegexOptions.Multiline)]
    private static partial Regex NamespacePattern();

    // The bases of a cmdlet, the nearest first.
    private static IEnumerable<Type> BasesOf(Type cmdlet)
    {
        for (Type type = cmdlet.BaseType!; type != typeof(PSCmdlet); type = type.BaseType!)
        {
            yield return type;
        }
    }

    private static IEnumerable<PropertyInfo> ParameterProperties() =>
        from type in typeof(EditRequest).Assembly.GetTypes()
        where typeof(PSCmdlet).IsAssignableFrom(type)
        from property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
        where property.IsDefined(typeof(ParameterAttribute), inherit: false)
        select property;

    // A part of .NET that comes as a package for Windows PowerShell is a dependency as any other.
    private static bool IsPartOfEveryPlatform(string assembly) =>
        assembly is "" or "netstandard" || (assembly.StartsWith("System.", StringComparison.Ordinal) && assembly is not ("System.Text.Json" or PowerShell));

    // The folder of the module that a type stands in; null for a type that is not the module's.
    private static string? RoomOf(TypeName type) =>
        type.Namespace == "QwenEdit" ? Models
        : type.Namespace.StartsWith("QwenEdit.", StringComparison.Ordinal) ? type.Namespace.Split('.')[1]
        : null;

    private IEnumerable<string> Arrows(string room, string other) =>
        from arrow in _module.All()
        where RoomOf(arrow.From) == room
        from target in arrow.To
        where target.Namespace == other || target.Namespace.StartsWith(other + ".", StringComparison.Ordinal)
        select $"{arrow.From} -> {target}";
}
