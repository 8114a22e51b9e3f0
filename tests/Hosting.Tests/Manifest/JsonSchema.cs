using System.Text.Json;
using System.Text.Json.Nodes;

namespace FitFlow.Hosting.Tests.Manifest;

/// <summary>As much of JSON schema as the manifest's schema uses; a keyword that it does not know is an error, not a pass.</summary>
internal sealed class JsonSchema(JsonNode schema)
{
    private static readonly HashSet<string> Said = ["$schema", "$id", "description", "definitions", "title"];

    public IReadOnlyList<string> Errors(JsonNode? value) => [.. Check(schema.AsObject(), value, "$")];

    private IEnumerable<string> Check(JsonNode? rule, JsonNode? value, string path)
    {
        // A schema may be a mere false: nothing is valid.
        if (rule is JsonValue verdict) return verdict.GetValue<bool>() ? [] : [$"{path} must not be there"];
        return rule!.AsObject().Where(k => !Said.Contains(k.Key)).SelectMany(k => Check(k.Key, k.Value!, rule.AsObject(), value, path));
    }

    private IEnumerable<string> Check(string keyword, JsonNode rule, JsonObject whole, JsonNode? value, string path) => keyword switch
    {
        "$ref" => Check(schema["definitions"]![rule.GetValue<string>()["#/definitions/".Length..]], value, path),
        "type" => TypeOf(value) == rule.GetValue<string>() ? [] : [$"{path} is {TypeOf(value)} instead of {rule}"],
        "const" => JsonNode.DeepEquals(rule, value) ? [] : [$"{path} is {value} instead of {rule}"],
        "enum" => rule.AsArray().Any(allowed => JsonNode.DeepEquals(allowed, value)) ? [] : [$"{path} is {value}, none of {rule.ToJsonString()}"],
        "required" => value is JsonObject o ? rule.AsArray().Select(n => n!.GetValue<string>()).Where(n => !o.ContainsKey(n)).Select(n => $"{path} lacks {n}") : [],
        "properties" => value is JsonObject o ? o.Where(p => rule[p.Key] is not null || rule.AsObject().ContainsKey(p.Key)).SelectMany(p => Check(rule[p.Key], p.Value, $"{path}.{p.Key}")) : [],
        "additionalProperties" => value is JsonObject o ? o.Where(p => whole["properties"]?.AsObject().ContainsKey(p.Key) != true).SelectMany(p => Check(rule, p.Value, $"{path}.{p.Key}")) : [],
        "items" => value is JsonArray a ? a.SelectMany((item, i) => Check(rule, item, $"{path}[{i}]")) : [],
        "not" => Check(rule, value, path).Any() ? [] : [$"{path} is what it must not be"],
        "oneOf" => OneOf(rule.AsArray(), value, path),
        _ => [$"the keyword {keyword} is unknown here"],
    };

    private IEnumerable<string> OneOf(JsonArray alternatives, JsonNode? value, string path)
    {
        var errors = alternatives.Select(a => Check(a, value, path).ToArray()).ToArray();
        return errors.Count(e => e.Length == 0) == 1 ? [] : [$"{path} fits {errors.Count(e => e.Length == 0)} of {errors.Length} alternatives; the nearest says: {string.Join("; ", errors.MinBy(e => e.Length)!)}"];
    }

    private static string TypeOf(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => "null",
    };
}
