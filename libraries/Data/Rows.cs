using System.Collections.Concurrent;
using System.Data.Common;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using FitFlow.ServiceDefaults;

namespace FitFlow.Data;

/// <summary>
/// How rows become records: columns in snake_case, by name, onto constructor parameters and properties. Strict where Dapper is silent: a
/// column without a place and a parameter without a column are errors, not defaults.
/// </summary>
internal static class Rows<T>
{
    private static readonly ConcurrentDictionary<string, Func<DbDataReader, T>> Shapes = new(StringComparer.Ordinal);

    public static Func<DbDataReader, T> Shape(DbDataReader reader)
    {
        if (Cells.IsScalar(typeof(T)))
        {
            return reader.FieldCount == 1
                ? static row => Cells.Read<T>(row, 0)
                : throw new InvalidOperationException($"{reader.FieldCount} columns do not fit one {typeof(T).Name}.");
        }

        var columns = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToArray();
        return Shapes.GetOrAdd(string.Join('|', columns), static (_, columns) => Compile(columns), columns);
    }

    private static Func<DbDataReader, T> Compile(string[] columns)
    {
        var row = Expression.Parameter(typeof(DbDataReader));
        var constructor = typeof(T).GetConstructors().MaxBy(c => c.GetParameters().Length)
            ?? throw new InvalidOperationException($"{typeof(T).Name} has no public constructor.");
        var free = columns.Select((name, index) => (Name: name.Replace("_", "", StringComparison.Ordinal), Index: index)).ToList();

        var isTuple = typeof(ITuple).IsAssignableFrom(typeof(T));
        if (isTuple && constructor.GetParameters().Length != columns.Length)
        {
            throw new InvalidOperationException($"{columns.Length} columns do not fit a tuple of {constructor.GetParameters().Length}.");
        }

        var arguments = new List<Expression>();
        foreach (var parameter in constructor.GetParameters())
        {
            var at = isTuple ? 0 : free.FindIndex(column => column.Name.Equals(parameter.Name, StringComparison.OrdinalIgnoreCase));
            if (at >= 0)
            {
                arguments.Add(Cell(row, parameter.ParameterType, free[at].Index));
                free.RemoveAt(at);
            }
            else
            {
                arguments.Add(parameter.HasDefaultValue
                    ? parameter.DefaultValue is { } value ? Expression.Constant(value, parameter.ParameterType) : Expression.Default(parameter.ParameterType)
                    : throw new InvalidOperationException($"No column for {parameter.Name} of {typeof(T).Name}: {string.Join(", ", columns)}."));
            }
        }

        var bindings = new List<MemberBinding>();
        foreach (var (name, index) in free)
        {
            var property = typeof(T).GetProperty(name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase);
            if (property?.SetMethod is null) throw new InvalidOperationException($"The column {columns[index]} has no place in {typeof(T).Name}.");
            bindings.Add(Expression.Bind(property, Cell(row, property.PropertyType, index)));
        }

        return Expression.Lambda<Func<DbDataReader, T>>(Expression.MemberInit(Expression.New(constructor, arguments), bindings), row).Compile();
    }

    private static MethodCallExpression Cell(ParameterExpression row, Type type, int index) =>
        Expression.Call(typeof(Cells), nameof(Cells.Read), [type], row, Expression.Constant(index));
}

internal static class Cells
{
    private static readonly HashSet<Type> Scalars =
    [
        typeof(string), typeof(byte[]), typeof(Guid), typeof(bool), typeof(decimal), typeof(double), typeof(float), typeof(int), typeof(long),
        typeof(short), typeof(byte), typeof(sbyte), typeof(ushort), typeof(uint), typeof(ulong), typeof(DateTime), typeof(DateTimeOffset),
        typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan), typeof(JsonElement), typeof(object),
    ];

    public static bool IsScalar(Type type) => Scalars.Contains(Bare(type)) || Bare(type).IsEnum;

    public static TCell Read<TCell>(DbDataReader row, int index)
    {
        var value = row.GetValue(index);
        if (value is not DBNull)
        {
            try
            {
                return Cell<TCell>.From(value);
            }
            catch (Exception e) when (e is InvalidCastException or FormatException or OverflowException or ArgumentException or JsonException)
            {
                throw new InvalidOperationException($"The column {row.GetName(index)} holds a {value.GetType().Name} that is no {typeof(TCell).Name}.", e);
            }
        }

        return default(TCell) is null ? default! : throw new InvalidOperationException($"The column {row.GetName(index)} is NULL, which is no {typeof(TCell).Name}.");
    }

    private static Type Bare(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    private static class Cell<TCell>
    {
        public static readonly Func<object, TCell> From = Choose(Bare(typeof(TCell)));

        private static Func<object, TCell> Choose(Type type)
        {
            if (type == typeof(Guid)) return value => Unbox(value is byte[] bytes ? new Guid(bytes, bigEndian: true) : value);
            // The driver gives DateTimes without a kind; here they are instants, always UTC.
            if (type == typeof(DateTime)) return value => Unbox(DateTime.SpecifyKind((DateTime)value, DateTimeKind.Utc));
            if (type == typeof(DateTimeOffset)) return value => Unbox(new DateTimeOffset(DateTime.SpecifyKind((DateTime)value, DateTimeKind.Utc)));
            if (type == typeof(DateOnly)) return value => Unbox(DateOnly.FromDateTime((DateTime)value));
            if (type == typeof(TimeOnly)) return value => Unbox(TimeOnly.FromTimeSpan((TimeSpan)value));
            if (type.IsEnum) return EnumOf(type);
            if (type == typeof(string) || type == typeof(byte[]) || type == typeof(TimeSpan) || type == typeof(object)) return Unbox;
            if (IsScalar(type) && type != typeof(JsonElement)) return value => value is TCell same ? same : Unbox(Convert.ChangeType(value, type));
            return value => JsonSerializer.Deserialize<TCell>((string)value, Json.Options)!;
        }

        private static Func<object, TCell> EnumOf(Type type)
        {
            var values = Enum.GetNames(type).ToDictionary(JsonNamingPolicy.SnakeCaseLower.ConvertName, name => (TCell)Enum.Parse(type, name), StringComparer.Ordinal);
            return value => values.TryGetValue((string)value, out var found) ? found : throw new FormatException($"'{value}' is no {type.Name}.");
        }

        private static TCell Unbox(object value) => (TCell)value;
    }
}
