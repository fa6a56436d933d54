namespace QwenEdit.Tests.Support;

/// <summary>For what would otherwise be waited for without end where the code is wrong.</summary>
internal static class SoonExtensions
{
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(60);

    /// <summary>The same task, which fails when it takes a minute of real time.</summary>
    internal static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Generous);

    /// <summary>The same task, which fails when it takes a minute of real time.</summary>
    internal static Task Soon(this Task task) => task.WaitAsync(Generous);
}
