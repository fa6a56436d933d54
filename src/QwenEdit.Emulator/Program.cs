using QwenEdit.Emulator.Cli;

return await QwenEdit.Emulator.Cli.CommandLine.RunAsync(args);
