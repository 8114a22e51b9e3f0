using System.Text.Json;
using System.Text.Json.Serialization;

namespace FitFlow.ServiceDefaults;

/// <summary>How JSON is written here, over HTTP and in events: snake_case names and enums, nulls kept, ISO instants.</summary>
public static class Json
{
    public static JsonSerializerOptions Options { get; } = Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DictionaryKeyPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Converters.Add(new RoleJson()); // Before the one for any enum: the first that fits is taken.
        options.Converters.Add(new EnumJson());
        return options;
    }
}

/// <summary>In JSON a value of an enum is exactly one of its names. The framework's converter also takes "a,b", which is a third value or none.</summary>
internal sealed class EnumJson : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Names<>).MakeGenericType(typeToConvert))!;

    public static IEnumerable<string> NamesOf(Type type) => Enum.GetNames(type).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName);

    private sealed class Names<T> : JsonConverter<T>
        where T : struct, Enum
    {
        private readonly Dictionary<string, T> _values = NamesOf(typeof(T)).Zip(Enum.GetNames<T>().Select(Enum.Parse<T>)).ToDictionary(StringComparer.Ordinal);
        private readonly Dictionary<T, string> _names;

        public Names() => _names = _values.ToDictionary(known => known.Value, known => known.Key);

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && _values.TryGetValue(reader.GetString()!, out var value) ? value : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(NameOf(value));

        public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            _values.TryGetValue(reader.GetString()!, out var value) ? value : throw new JsonException();

        public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WritePropertyName(NameOf(value));

        private string NameOf(T value) => _names.TryGetValue(value, out var name) ? name : throw new JsonException($"{value} is no {typeof(T).Name}.");
    }
}
