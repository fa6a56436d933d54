namespace QwenEdit.Files;

/// <summary>Validates names of files and folders for Windows. Some versions create a file whose name other programs can't open or remove.</summary>
internal static class WindowsName
{
    private static readonly string[] Devices = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

    /// <summary>Returns why a full path can't name a file; <see langword="null"/> if it can.</summary>
    internal static string? Problem(string path)
    {
        string rest = path.Replace('/', '\\');
        if (rest.StartsWith(@"\\?\", StringComparison.Ordinal) || rest.StartsWith(@"\\.\", StringComparison.Ordinal))
        {
            rest = rest.Substring(4);
        }

        if (rest.Length >= 2 && rest[1] == ':')
        {
            rest = rest.Substring(2);
        }

        return rest.Split('\\').Select(ProblemOf).FirstOrDefault(problem => problem is not null);
    }

    private static string? ProblemOf(string name)
    {
        if (name is "" or "." or "..")
        {
            return null;
        }

        if (name.FirstOrDefault(character => character < ' ' || "<>:\"|?*".IndexOf(character) >= 0) is not '\0' and var bad)
        {
            return bad < ' ' ? $"'{name}' has a control character" : $"'{name}' has the character {bad}, which no name may have on Windows";
        }

        if (name[name.Length - 1] is '.' or ' ')
        {
            return $"'{name}' ends in a {(name[name.Length - 1] == '.' ? "period" : "space")}, which Windows leaves out";
        }

        return IsDevice(name.Split('.')[0].TrimEnd(' ').ToUpperInvariant()) ? $"'{name}' is the name of a device on Windows" : null;
    }

    private static bool IsDevice(string name) => Devices.Contains(name)
        // Windows treats superscript digits as digits.
        || (name.Length == 4 && (name.StartsWith("COM", StringComparison.Ordinal) || name.StartsWith("LPT", StringComparison.Ordinal))
            && "123456789\u00B9\u00B2\u00B3".IndexOf(name[3]) >= 0);
}
