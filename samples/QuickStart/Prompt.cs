namespace QuickStart;

/// <summary>Opens a prompt at which one can play with the module.</summary>
internal static class Prompt
{
    /// <summary>Opens it in the current folder if that has images, otherwise in a folder with the posters.</summary>
    /// <returns>The exit code of the shell.</returns>
    public static Task<int> RunAsync(Shell shell, CancellationToken stop)
    {
        string folder = Environment.CurrentDirectory;
        if (!SampleFolder.HasImages(folder))
        {
            folder = Path.Combine(folder, "quickstart-images");
            new SampleFolder(folder).Fill(overwrite: false, stop);
        }

        string example = File.Exists(Path.Combine(folder, "sale.png"))
            ? """Invoke-QwenImageEdit sale.png -Prompt "Change '1000$' to '5$'" """.TrimEnd()
            : "Get-ChildItem *.png, *.jpg | Invoke-QwenImageEdit -Prompt 'Make it night' -WhatIf";
        Console.WriteLine($"""
            PowerShell with QwenEdit, in {folder}
            Segmind is emulated: nothing leaves this machine, and nothing is billed.
            Try   {example}
            More  Get-Command -Module QwenEdit; Get-Help about_QwenEdit; `exit` leaves.

            """);
        return shell.OpenPromptAsync(folder);
    }
}
