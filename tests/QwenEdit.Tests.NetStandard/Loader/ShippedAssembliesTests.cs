using System.Reflection;
using QwenEdit.Loader;

namespace QwenEdit.Tests.Loader;

/// <summary>
/// What the loader of Windows PowerShell answers: our own requests, with at least that version, of the same key.
/// </summary>
public sealed class ShippedAssembliesTests
{
    // The build that these tests reference lies beside them with all of its dependencies, as it does in the module.
    private static readonly string Folder = Path.GetDirectoryName(typeof(ImageFormat).Assembly.Location)!;
    private static readonly string OwnAssembly = Path.Combine(Folder, "QwenEdit.dll");
    private static readonly AssemblyName Polly = AssemblyName.GetAssemblyName(Path.Combine(Folder, "Polly.Core.dll"));
    private readonly ShippedAssemblies _shipped = new(Folder);

    [Fact]
    public void A_request_of_our_own_is_answered_with_the_file_beside_the_module() =>
        Assert.Equal(Path.Combine(Folder, "Polly.Core.dll"), _shipped.Find(Polly, OwnAssembly));

    [Fact]
    public void A_dependency_of_a_dependency_is_our_own_too() =>
        Assert.NotNull(_shipped.Find(Polly, Path.Combine(Folder, "System.Text.Json.dll")));

    [Theory]
    [InlineData("/elsewhere/Other.dll")]
    [InlineData("Other.dll")]
    [InlineData("")]
    [InlineData(null)]
    public void Requests_from_other_places_are_left_to_others(string? requester) => Assert.Null(_shipped.Find(Polly, requester));

    [Fact]
    public void Requests_from_folders_below_are_left_to_others() =>
        Assert.Null(_shipped.Find(Polly, Path.Combine(Folder, "below", "Other.dll")));

    [Fact]
    public void What_is_not_shipped_is_left_to_others() =>
        Assert.Null(_shipped.Find(new AssemblyName("Not.Shipped"), OwnAssembly));

    [Theory]
    [InlineData("A, Version=8.0.0.0, PublicKeyToken=c8a3ffc3f8f825cc", true)]
    [InlineData("A, Version=7.9.9.9, PublicKeyToken=c8a3ffc3f8f825cc", true)]
    [InlineData("a, Version=8.0.0.0, Culture=neutral, PublicKeyToken=c8a3ffc3f8f825cc", true)]
    [InlineData("A, PublicKeyToken=c8a3ffc3f8f825cc", true)]
    [InlineData("A, Version=8.0.0.1, PublicKeyToken=c8a3ffc3f8f825cc", false)]
    [InlineData("A, Version=9.0.0.0, PublicKeyToken=c8a3ffc3f8f825cc", false)]
    [InlineData("A, Version=8.0.0.0, PublicKeyToken=b03f5f7f11d50a3a", false)]
    [InlineData("A, Version=8.0.0.0, PublicKeyToken=null", false)]
    [InlineData("A, Version=8.0.0.0", false)]
    [InlineData("A, Version=8.0.0.0, Culture=de, PublicKeyToken=c8a3ffc3f8f825cc", false)]
    [InlineData("B, Version=8.0.0.0, PublicKeyToken=c8a3ffc3f8f825cc", false)]
    public void A_request_is_served_by_an_equal_or_later_version_of_the_same_key(string requested, bool served) =>
        Assert.Equal(served, Serves("A, Version=8.0.0.0, Culture=neutral, PublicKeyToken=c8a3ffc3f8f825cc", requested));

    [Fact]
    public void An_assembly_without_a_key_serves_requests_without_one() =>
        Assert.True(Serves("A, Version=1.0.0.0", "A, Version=1.0.0.0, PublicKeyToken=null"));

    private static bool Serves(string shipped, string requested) =>
        ShippedAssemblies.Serves(new AssemblyName(shipped), new AssemblyName(requested));
}
