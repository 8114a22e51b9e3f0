using System.Collections;
using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using Dapper;
using FitFlow.ServiceDefaults;

namespace FitFlow.Data;

/// <summary>
/// What goes to the driver. Done here and not by Dapper's handlers, because Dapper sends enums as numbers whatever its handlers say, and
/// a name that the arguments lack would be taken for a user variable: NULL, and a query that silently finds nothing.
/// </summary>
internal static class Values
{
    private static readonly ConcurrentDictionary<Type, Dictionary<string, Func<object, object?>>> Getters = new();
    private static readonly ConcurrentDictionary<Type, Func<object, string>> EnumNames = new();

    public static DynamicParameters Parameters(Statement statement, object? args)
    {
        var parameters = new DynamicParameters();
        foreach (var name in statement.Names)
        {
            parameters.Add(name, ToDriver(Get(statement, args, name)));
        }

        return parameters;
    }

    public static object? ToDriver(object? value) => value switch
    {
        null or string or byte[] or bool or int or long or short or byte or sbyte or ushort or uint or ulong or decimal or double or float or TimeSpan => value,
        // Big-endian, so that UUIDv7 sorts by time.
        Guid id => id.ToByteArray(bigEndian: true),
        Enum name => EnumNames.GetOrAdd(name.GetType(), SnakeCase)(name),
        DateTimeOffset instant => Microseconds(instant.UtcDateTime),
        DateTime { Kind: DateTimeKind.Unspecified } => throw new ArgumentException("A DateTime without a kind could be any instant: pass UTC or a DateTimeOffset.", nameof(value)),
        DateTime instant => Microseconds(instant.ToUniversalTime()),
        DateOnly date => date.ToString("yyyy-MM-dd"),
        TimeOnly time => time.ToString("HH:mm:ss.ffffff"),
        char c => c.ToString(),
        ReadOnlyMemory<byte> bytes => bytes.ToArray(),
        JsonElement or JsonDocument or System.Text.Json.Nodes.JsonNode or IDictionary => JsonSerializer.Serialize(value, Json.Options),
        // A list is for IN; a list that is a JSON column is passed as Sql.Json(list).
        IEnumerable list => list.Cast<object?>().Select(ToDriver).ToList(),
        _ => JsonSerializer.Serialize(value, Json.Options),
    };

    /// <summary>DATETIME(6) rounds what is finer; cut off, so that what was written is what is read.</summary>
    private static DateTime Microseconds(DateTime instant) => new(instant.Ticks - (instant.Ticks % TimeSpan.TicksPerMicrosecond), instant.Kind);

    private static Func<object, string> SnakeCase(Type type)
    {
        var names = Enum.GetValues(type).Cast<object>().Distinct()
            .ToDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()!));
        return value => names.TryGetValue(value, out var name) ? name : throw new ArgumentException($"{value} is no {type.Name}.", nameof(value));
    }

    private static object? Get(Statement statement, object? args, string name)
    {
        var found = args switch
        {
            null => null,
            IReadOnlyDictionary<string, object?> dictionary => dictionary.TryGetValue(name, out var value) ? () => value : null,
            _ => Getters.GetOrAdd(args.GetType(), GettersOf).TryGetValue(name, out var get) ? () => get(args) : (Func<object?>?)null,
        };
        return found is not null
            ? found()
            : throw new ArgumentException($"The statement names @{name}, which its arguments do not have: {statement.Name}.", nameof(args));
    }

    private static Dictionary<string, Func<object, object?>> GettersOf(Type type)
    {
        var getters = new Dictionary<string, Func<object, object?>>(StringComparer.OrdinalIgnoreCase);
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetIndexParameters().Length > 0 || property.GetMethod is null) continue;
            var args = Expression.Parameter(typeof(object));
            getters[property.Name] = Expression.Lambda<Func<object, object?>>(
                Expression.Convert(Expression.Property(Expression.Convert(args, type), property), typeof(object)), args).Compile();
        }

        return getters;
    }
}

/// <summary>Small things that SQL needs said.</summary>
public static class Sql
{
    /// <summary>The value of a JSON column, for values that would be read as a list for IN.</summary>
    public static string Json<T>(T value) => JsonSerializer.Serialize(value, ServiceDefaults.Json.Options);

    /// <summary>
    /// An e-mail address as it is stored and looked up: trimmed, in lower case, in a column with a binary collation
    /// (<c>VARCHAR(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin</c>). The other collations take é for e.
    /// </summary>
    public static string Email(string address) => address.Trim().ToLowerInvariant();
}
