using QwenEdit.Runs;

namespace QwenEdit.Tests.Runs;

/// <summary>When <c>-MaxFailure</c> is reached.</summary>
public sealed class FailureLimitTests
{
    [Theory]
    [InlineData("5", 4, 4, false)]
    [InlineData("5", 5, 5, true)]
    [InlineData("5", 5, 5000, true)]
    [InlineData("10%", 9, 9, false)]
    [InlineData("10%", 1, 10, true)]
    [InlineData("10%", 9, 100, false)]
    [InlineData("10%", 10, 100, true)]
    [InlineData("100%", 99, 100, false)]
    public void The_cap_is_reached(string cap, int failed, int ended, bool reached) =>
        Assert.Equal(reached, FailureLimit.Parse(cap).IsReached(failed, ended));
}
