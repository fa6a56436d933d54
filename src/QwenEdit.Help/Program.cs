using System.Reflection;
using QwenEdit.Help;

// QwenEdit.Help module <assembly> <pages> <folder>: writes into the folder what Get-Help reads. The build runs it.
// QwenEdit.Help pages <assembly> <pages> <manifest>: writes the Markdown pages of the cmdlets and of the module into the folder of the pages.
if (args is not ["module" or "pages", string assembly, string pages, string target])
{
    Console.Error.WriteLine("Usage: QwenEdit.Help module <assembly> <pages> <folder>, or QwenEdit.Help pages <assembly> <pages> <manifest>");
    return 1;
}

ModuleHelp help = new(Assembly.LoadFrom(Path.GetFullPath(assembly)), pages);
if (args[0] == "module")
{
    help.WriteModuleFiles(target);
}
else
{
    help.WritePages(pages, manifest: target);
}

return 0;
