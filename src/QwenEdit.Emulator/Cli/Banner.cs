using System.Net;
using QwenEdit.Emulator.History;

namespace QwenEdit.Emulator.Cli;

/// <summary>What the program says when it is ready: lines to copy.</summary>
internal static class Banner
{
    public static void Write(TextWriter output, SegmindEmulator emulator, EmulatorOptions options)
    {
        output.WriteLine($"""
            Segmind emulator. Nothing leaves this machine, and nothing is billed.

              API, status page  {Text(emulator.Endpoint)}
              files             {Text(emulator.FilesEndpoint)}
              history           {Text(emulator.HistoryEndpoint)}

            PowerShell:
              $env:SEGMIND_ENDPOINT = '{Text(emulator.Endpoint)}'
              $env:SEGMIND_HISTORY_ENDPOINT = '{Text(emulator.HistoryEndpoint)}'
              $env:SEGMIND_API_KEY = '{emulator.ApiKey}'

            sh:
              export SEGMIND_ENDPOINT='{Text(emulator.Endpoint)}'
              export SEGMIND_HISTORY_ENDPOINT='{Text(emulator.HistoryEndpoint)}'
              export SEGMIND_API_KEY='{emulator.ApiKey}'

            Ctrl+C stops it.

            """);
        if (!IPAddress.IsLoopback(options.Address))
        {
            output.WriteLine($"""
                WARNING: listening on {options.Address}, not only on this machine. Whoever reaches these ports can read every
                WARNING: image and prompt, spend the balances, and move the clock. There is no real key check and no TLS.

                """);
        }
        output.Flush();
    }

    private static string Text(Uri uri) => uri.AbsoluteUri.TrimEnd('/');
}
