using QwenEdit.Files;

namespace QwenEdit.Tests.Files;

/// <summary>What Windows does not take as a name is told before Windows does something else with it.</summary>
public sealed class WindowsNameTests
{
    [Theory]
    [InlineData(@"C:\a\CON.png")]
    [InlineData(@"C:\a\nul.png")]
    [InlineData(@"C:\COM1.a.png")]
    [InlineData("C:\\LPT\u00B9.png")]
    [InlineData(@"C:\aux\a.png")]
    [InlineData(@"C:\a\conin$")]
    [InlineData(@"C:\a\con .png")]
    [InlineData(@"C:\a<b.png")]
    [InlineData(@"C:\a|b.png")]
    [InlineData(@"C:\a?b.png")]
    [InlineData(@"C:\a*b.png")]
    [InlineData("C:\\a\"b.png")]
    [InlineData(@"C:\out\a:b.png")]
    [InlineData("C:\\a\tb.png")]
    [InlineData(@"C:\folder.\a.png")]
    [InlineData(@"C:/folder /a.png")]
    [InlineData(@"\\?\C:\a*b.png")]
    [InlineData(@"\\server\share\prn.png")]
    public void Is_none(string path) => Assert.NotNull(WindowsName.Problem(path));

    [Theory]
    [InlineData(@"C:\a\constant.png")]
    [InlineData(@"C:\a\COM.png")]
    [InlineData(@"C:\a\COM10.png")]
    [InlineData(@"C:\a\COM0.png")]
    [InlineData(@"C:\a.b\..\it's [1] {a} $b `c 100%&^ 价格 🍎.many.dots.png")]
    [InlineData(@"\\?\C:\a\b.png")]
    [InlineData(@"\\?\UNC\server\share\b.png")]
    [InlineData(@"\\server\share$\b.png")]
    [InlineData("C:/a/b.png")]
    public void Is_one(string path) => Assert.Null(WindowsName.Problem(path));
}
