using System.Diagnostics;
using System.Text.Json;
using QwenEdit.Tests.Support;

namespace QwenEdit.Pester;

/// <summary>What a user types, tested with Pester in a real shell. Each test of the <c>*.Tests.ps1</c> is a test here, with its own name.</summary>
public sealed class PesterTests
{
    /// <summary>The results of one run of all files.</summary>
    public static TheoryData<PesterTest> Tests()
    {
        PesterTest[] tests = Run();
        return tests.Length > 0 ? [.. tests] : throw new InvalidOperationException("Pester found no tests.");
    }

    // Pester runs when the tests run, not when a runner only lists them.
    [Theory]
    [MemberData(nameof(Tests), DisableDiscoveryEnumeration = true)]
    public void Passes(PesterTest test) => Assert.True(test.Outcome == "Passed", $"{test.Outcome}: {test.Name}\n{test.Message}");

    private static PesterTest[] Run()
    {
        string result = Path.GetTempFileName();
        try
        {
            string script = Path.Combine(BuiltModule.Repository, "tests", "Pester", "Invoke-Tests.ps1");
            ProcessStartInfo start = PowerShellTool.Describe("-File", script, BuildMetadata.Get("Pester"), result);
            start.WorkingDirectory = BuiltModule.Repository;
            start.RedirectStandardInput = true;
            start.RedirectStandardOutput = true;
            start.RedirectStandardError = true;
            using Process shell = Process.Start(start)!;
            shell.StandardInput.Close();
            Task<string> error = shell.StandardError.ReadToEndAsync();
            string output = shell.StandardOutput.ReadToEnd();
            shell.WaitForExit();
            return shell.ExitCode == 0
                ? JsonSerializer.Deserialize<PesterTest[]>(File.ReadAllText(result))!
                : throw new InvalidOperationException($"{script} ended with exit code {shell.ExitCode}.\n{output}\n{error.Result}");
        }
        finally
        {
            File.Delete(result);
        }
    }
}

/// <summary>What came of a test of Pester.</summary>
/// <param name="Name">Its file, and the names of its blocks and its own.</param>
/// <param name="Outcome">Passed, Failed or Skipped.</param>
/// <param name="Message">Its errors.</param>
public sealed record PesterTest(string Name, string Outcome, string Message)
{
    /// <summary>The name, which a runner shows.</summary>
    public override string ToString() => Name;
}
