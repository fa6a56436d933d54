using QwenEdit.Benchmarks.Contenders;

return await ContenderLoop.RunAsync(() => new ScriptContender());
