namespace QwenEdit.Tests.Support;

/// <summary>A test of what only Windows does.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class WindowsFactAttribute : FactAttribute
{
    public WindowsFactAttribute(string reason) => Skip = OperatingSystem.IsWindows() ? null : reason;
}
