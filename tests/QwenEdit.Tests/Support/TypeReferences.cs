using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace QwenEdit.Tests.Support;

/// <summary>
/// Which types a type of a DLL refers to: in its bases, attributes, fields, signatures, local variables and instructions. Nested types,
/// closures among them, count as their outermost one.
/// </summary>
internal sealed class TypeReferences : IDisposable
{
    private readonly PEReader _file;
    private readonly MetadataReader _metadata;
    private readonly TypeNames _names;

    internal TypeReferences(string path)
    {
        _file = new PEReader(File.OpenRead(path));
        _metadata = _file.GetMetadataReader();
        _names = new TypeNames(_metadata);
    }

    /// <summary>Each type of the DLL with all that it refers to.</summary>
    internal IEnumerable<(TypeName From, HashSet<TypeName> To)> All() =>
        _metadata.TypeDefinitions
            .GroupBy(_names.Of, handle => Collect(handle, publicOnly: false))
            .Select(group => (group.Key, group.SelectMany(names => names).Where(name => name != group.Key).ToHashSet()));

    /// <summary>Each type that others can see, with what its visible members show.</summary>
    internal IEnumerable<(TypeName From, HashSet<TypeName> To)> Public() =>
        from handle in _metadata.TypeDefinitions
        where (_metadata.GetTypeDefinition(handle).Attributes & TypeAttributes.VisibilityMask) is TypeAttributes.Public or TypeAttributes.NestedPublic
        select (_names.Of(handle), Collect(handle, publicOnly: true));

    /// <summary>The types that declare functions of native libraries: methods with <c>[DllImport]</c> or <c>[LibraryImport]</c>.</summary>
    internal IEnumerable<TypeName> WithNativeFunctions() =>
        _metadata.MethodDefinitions
            .Select(_metadata.GetMethodDefinition)
            .Where(method => (method.Attributes & MethodAttributes.PinvokeImpl) != 0)
            .Select(method => _names.Of(method.GetDeclaringType()))
            .Distinct();

    public void Dispose() => _file.Dispose();

    private HashSet<TypeName> Collect(TypeDefinitionHandle handle, bool publicOnly)
    {
        HashSet<TypeName> found = [];
        TypeDefinition type = _metadata.GetTypeDefinition(handle);
        Add(found, [type.BaseType, .. type.GetInterfaceImplementations().Select(one => _metadata.GetInterfaceImplementation(one).Interface)]);
        foreach (FieldDefinition field in type.GetFields().Select(_metadata.GetFieldDefinition))
        {
            if (!publicOnly || (field.Attributes & FieldAttributes.FieldAccessMask) >= FieldAttributes.Family)
            {
                found.UnionWith(field.DecodeSignature(_names, null));
            }
        }

        foreach (MethodDefinition method in type.GetMethods().Select(_metadata.GetMethodDefinition))
        {
            if (!publicOnly || (method.Attributes & MethodAttributes.MemberAccessMask) >= MethodAttributes.Family)
            {
                Add(found, method.DecodeSignature(_names, null));
            }

            if (!publicOnly)
            {
                AddBody(found, method);
                AddAttributes(found, method.GetCustomAttributes());
            }
        }

        if (!publicOnly)
        {
            AddAttributes(found, type.GetCustomAttributes());
            AddAttributes(found, type.GetProperties().SelectMany(property => _metadata.GetPropertyDefinition(property).GetCustomAttributes()));
        }

        return found;
    }

    private void AddBody(HashSet<TypeName> found, MethodDefinition method)
    {
        if (method.RelativeVirtualAddress == 0)
        {
            return;
        }

        MethodBodyBlock body = _file.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
        {
            found.UnionWith(_metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(_names, null).SelectMany(names => names));
        }

        Add(found, body.ExceptionRegions.Select(region => region.CatchType));
        Add(found, Instructions.Tokens(body.GetILReader()));
    }

    private void AddAttributes(HashSet<TypeName> found, IEnumerable<CustomAttributeHandle> attributes) =>
        Add(found, attributes.Select(attribute => _metadata.GetCustomAttribute(attribute).Constructor));

    private static void Add(HashSet<TypeName> found, MethodSignature<ImmutableHashSet<TypeName>> signature) =>
        found.UnionWith(signature.ParameterTypes.Append(signature.ReturnType).SelectMany(names => names));

    private void Add(HashSet<TypeName> found, IEnumerable<EntityHandle> handles)
    {
        foreach (EntityHandle handle in handles.Where(handle => !handle.IsNil))
        {
            switch (handle.Kind)
            {
                case HandleKind.TypeDefinition:
                    found.Add(_names.Of((TypeDefinitionHandle)handle));
                    break;
                case HandleKind.TypeReference:
                    found.Add(_names.Of((TypeReferenceHandle)handle));
                    break;
                case HandleKind.TypeSpecification:
                    found.UnionWith(_metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(_names, null));
                    break;
                case HandleKind.MethodDefinition:
                    Add(found, [_metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType()]);
                    break;
                case HandleKind.FieldDefinition:
                    Add(found, [_metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType()]);
                    break;
                case HandleKind.MethodSpecification:
                    MethodSpecification generic = _metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                    found.UnionWith(generic.DecodeSignature(_names, null).SelectMany(names => names));
                    Add(found, [generic.Method]);
                    break;
                case HandleKind.MemberReference:
                    MemberReference member = _metadata.GetMemberReference((MemberReferenceHandle)handle);
                    Add(found, [member.Parent]);
                    if (member.GetKind() == MemberReferenceKind.Method)
                    {
                        Add(found, member.DecodeMethodSignature(_names, null));
                    }
                    else
                    {
                        found.UnionWith(member.DecodeFieldSignature(_names, null));
                    }

                    break;
            }
        }
    }
}
