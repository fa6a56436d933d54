using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace QwenEdit.Tests.Support;

/// <summary>An outermost type: its assembly (empty for the DLL itself), its namespace and its name.</summary>
internal sealed record TypeName(string Assembly, string Namespace, string Name)
{
    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}.{Name}";
}

/// <summary>Reads signatures as the set of types that they name.</summary>
internal sealed class TypeNames(MetadataReader metadata) : ISignatureTypeProvider<ImmutableHashSet<TypeName>, object?>
{
    private static readonly ImmutableHashSet<TypeName> None = [];

    internal TypeName Of(TypeDefinitionHandle handle)
    {
        TypeDefinition type = metadata.GetTypeDefinition(handle);
        TypeDefinitionHandle outer = type.GetDeclaringType();
        return outer.IsNil ? new TypeName("", metadata.GetString(type.Namespace), metadata.GetString(type.Name)) : Of(outer);
    }

    internal TypeName Of(TypeReferenceHandle handle)
    {
        TypeReference type = metadata.GetTypeReference(handle);
        return type.ResolutionScope.Kind switch
        {
            HandleKind.TypeReference => Of((TypeReferenceHandle)type.ResolutionScope),
            HandleKind.AssemblyReference => new TypeName(
                metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name),
                metadata.GetString(type.Namespace),
                metadata.GetString(type.Name)),
            _ => throw new BadImageFormatException($"A type of {type.ResolutionScope.Kind}."),
        };
    }

    public ImmutableHashSet<TypeName> GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => [Of(handle)];

    public ImmutableHashSet<TypeName> GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => [Of(handle)];

    public ImmutableHashSet<TypeName> GetTypeFromSpecification(
        MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public ImmutableHashSet<TypeName> GetGenericInstantiation(
        ImmutableHashSet<TypeName> genericType, ImmutableArray<ImmutableHashSet<TypeName>> typeArguments) =>
        typeArguments.Aggregate(genericType, (all, one) => all.Union(one));

    public ImmutableHashSet<TypeName> GetFunctionPointerType(MethodSignature<ImmutableHashSet<TypeName>> signature) =>
        signature.ParameterTypes.Aggregate(signature.ReturnType, (all, one) => all.Union(one));

    public ImmutableHashSet<TypeName> GetModifiedType(ImmutableHashSet<TypeName> modifier, ImmutableHashSet<TypeName> unmodifiedType, bool isRequired) =>
        unmodifiedType.Union(modifier);

    public ImmutableHashSet<TypeName> GetArrayType(ImmutableHashSet<TypeName> elementType, ArrayShape shape) => elementType;

    public ImmutableHashSet<TypeName> GetByReferenceType(ImmutableHashSet<TypeName> elementType) => elementType;

    public ImmutableHashSet<TypeName> GetPinnedType(ImmutableHashSet<TypeName> elementType) => elementType;

    public ImmutableHashSet<TypeName> GetPointerType(ImmutableHashSet<TypeName> elementType) => elementType;

    public ImmutableHashSet<TypeName> GetSZArrayType(ImmutableHashSet<TypeName> elementType) => elementType;

    public ImmutableHashSet<TypeName> GetGenericMethodParameter(object? genericContext, int index) => None;

    public ImmutableHashSet<TypeName> GetGenericTypeParameter(object? genericContext, int index) => None;

    public ImmutableHashSet<TypeName> GetPrimitiveType(PrimitiveTypeCode typeCode) => None;
}
