using System.Management.Automation;
using System.Reflection;
using System.Xml;
using System.Xml.Linq;
using QwenEdit.Help;

// QwenEdit.Help <assembly> <help file>: writes what Get-Help shows of an assembly's cmdlets, from the XML documentation beside it.
Assembly module = Assembly.LoadFrom(Path.GetFullPath(args[0]));
DocComments comments = DocComments.Read(Path.ChangeExtension(module.Location, ".xml"));

IEnumerable<XElement> cmdlets = module.GetExportedTypes()
    .Where(type => type.IsDefined(typeof(CmdletAttribute)))
    .Select(type => new CmdletHelp(type, comments))
    .OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal)
    .Select(cmdlet => cmdlet.ToMaml());
XElement help = new(Maml.Msh + "helpItems", new XAttribute("schema", "maml"), cmdlets);

using XmlWriter writer = XmlWriter.Create(args[1], new XmlWriterSettings { Indent = true, NewLineChars = "\n" });
help.Save(writer);
