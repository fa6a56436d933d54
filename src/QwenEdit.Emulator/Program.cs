return await QwenEdit.Emulator.CommandLine.RunAsync(args);
