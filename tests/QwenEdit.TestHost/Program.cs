using QuickStart.Hosting;

return ConsoleScript.Run(ScriptRunspace.Open, args[0]);
