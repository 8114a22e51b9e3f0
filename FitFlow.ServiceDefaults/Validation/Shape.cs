using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FitFlow.ServiceDefaults;

/// <summary>The rules for one field: what its attributes say, whether null will do, and what its value is made of.</summary>
internal sealed record MemberRules(string Name, string MemberName, IReadOnlyList<ValidationAttribute> Attributes, bool IsRequired, Shape Shape);

/// <summary>What a type is made of, as far as validation cares. Read once per type.</summary>
internal abstract record Shape
{
    /// <summary>A text without a bound of its own. Nothing that comes in is unbounded.</summary>
    private const int DefaultMaxLength = 2_000;

    private const int DefaultMaxCount = 1_000;

    private static readonly ConcurrentDictionary<Type, Shape> Known = new();

    public static Shape Of(Type type) => Known.TryGetValue(type, out var shape) ? shape : Known.GetOrAdd(type, Read(type, []));

    private static Shape Read(Type type, IReadOnlyList<ValidationAttribute> attributes)
    {
        if (type == typeof(string)) return new Text(attributes.Any(Bounds) ? int.MaxValue : DefaultMaxLength);
        if (type.IsArray && type.GetElementType() is { IsPrimitive: true }) return Nothing.Instance;

        if ((ItemOf(type, typeof(IDictionary<,>), 1) ?? ItemOf(type, typeof(IReadOnlyDictionary<,>), 1)) is { } value)
            return new Map(Of(value), attributes.Any(Bounds) ? int.MaxValue : DefaultMaxCount);
        if (ItemOf(type, typeof(IEnumerable<>), 0) is { } item)
            return new List(Of(item), item.IsClass, attributes.Any(Bounds) ? int.MaxValue : DefaultMaxCount);

        return IsOurs(type) ? new Object(type) : Nothing.Instance;
    }

    private static bool Bounds(ValidationAttribute attribute) => attribute is StringLengthAttribute or MaxLengthAttribute or LengthAttribute;

    private static Type? ItemOf(Type type, Type collection, int argument) =>
        type.GetInterfaces().Append(type)
            .FirstOrDefault(found => found.IsGenericType && found.GetGenericTypeDefinition() == collection)?
            .GetGenericArguments()[argument];

    /// <summary>The framework's own types have nothing inside that a request could get wrong.</summary>
    private static bool IsOurs(Type type) =>
        type is { IsEnum: false, IsPrimitive: false, IsInterface: false, IsPointer: false }
        && Nullable.GetUnderlyingType(type) is null
        && !typeof(Delegate).IsAssignableFrom(type)
        && type.Namespace is { } space
        && !IsIn(space, "System") && !IsIn(space, "Microsoft");

    private static bool IsIn(string space, string root) =>
        space == root || (space.StartsWith(root, StringComparison.Ordinal) && space[root.Length] == '.');

    internal sealed record Nothing : Shape
    {
        public static Nothing Instance { get; } = new();
    }

    internal sealed record Text(int MaxLength) : Shape;

    internal sealed record List(Shape Item, bool ItemsRequired, int MaxCount) : Shape;

    internal sealed record Map(Shape Item, int MaxCount) : Shape;

    /// <summary>A record or class of ours. Its members are read when first needed, since a type may hold itself.</summary>
    internal sealed record Object(Type Type) : Shape
    {
        private readonly Lazy<IReadOnlyList<Member>> _members = new(() => ReadMembers(Type));

        public IReadOnlyList<Member> Members => _members.Value;

        internal sealed record Member(MemberRules Rules, Func<object, object?> Read);

        private static List<Member> ReadMembers(Type type)
        {
            // What stands before a positional record's parameter is an attribute of the parameter and not of the property.
            var parameters = type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
                .OrderByDescending(constructor => constructor.GetParameters().Length)
                .FirstOrDefault()?.GetParameters() ?? [];
            var nullability = new NullabilityInfoContext();

            return
            [
                .. from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                   where property.CanRead && property.GetIndexParameters().Length == 0
                       && property.GetCustomAttribute<JsonIgnoreAttribute>() is null
                   let parameter = parameters.FirstOrDefault(parameter => parameter.Name == property.Name && parameter.ParameterType == property.PropertyType)
                   let attributes = property.GetCustomAttributes<ValidationAttribute>()
                       .Concat(parameter?.GetCustomAttributes<ValidationAttribute>() ?? [])
                       .ToArray()
                   let required = !property.PropertyType.IsValueType && nullability.Create(property).ReadState == NullabilityState.NotNull
                   let shape = attributes.Length == 0 ? Of(property.PropertyType) : Shape.Read(property.PropertyType, attributes)
                   where required || attributes.Length > 0 || shape is not Nothing
                   select new Member(new MemberRules(NameOf(property), property.Name, attributes, required, shape), property.GetValue),
            ];
        }

        private static string NameOf(PropertyInfo property) =>
            property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
    }
}
