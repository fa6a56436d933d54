using System.Reflection;

namespace QuickStart;

/// <summary>Paths that the project file writes into this assembly.</summary>
internal static class Build
{
    /// <summary>The manifest of the built module.</summary>
    public static string Module { get; } = Path.GetFullPath(Metadata("Module"));

    /// <summary>The <c>pwsh.dll</c> of the PowerShell tool.</summary>
    public static string PowerShell { get; } = Metadata("PowerShell");

    /// <summary>The command that runs this program from the current folder.</summary>
    public static string RunCommand
    {
        get
        {
            string project = Metadata("Project");
            string relative = Path.GetRelativePath(Environment.CurrentDirectory, project);
            project = relative.StartsWith("..", StringComparison.Ordinal) ? project : relative;
            return $"dotnet run --project {(project.Contains(' ') ? $"'{project}'" : project)}";
        }
    }

    /// <summary>The full path of a file that the build copies beside this assembly.</summary>
    public static string Beside(string name) => Path.Combine(AppContext.BaseDirectory, name);

    private static string Metadata(string key) => typeof(Build).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;
}
