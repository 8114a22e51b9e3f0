using System.Text.Json.Nodes;
using FitFlow.Gateway.Routing;

namespace FitFlow.Gateway.Docs;

/// Makes one OpenAPI document of many. A schema name that means the same everywhere is kept; one that means different things gets the name of
/// its service before it, in each of them, so that the outcome does not depend on who comes first.
internal static class MergedDescription
{
    private const string SchemaPrefix = "#/components/schemas/";

    public static JsonObject Of(IReadOnlyList<(string Service, JsonNode Document)> documents, IReadOnlyList<string> missing)
    {
        var paths = new JsonObject();
        var schemas = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
        var tags = new JsonArray();
        JsonNode? security = null;
        var contested = Contested(documents);
        foreach (var (service, document) in documents)
        {
            var before = paths.Count;
            string Rename(string name) => contested.Contains(name) ? $"{Capital(service)}{name}" : name;
            foreach (var (path, item) in Members(document["paths"]).Where(path => service == "gateway" || Routes.Reaches(service, path.Key)))
            {
                if (item is JsonObject operations && !paths.ContainsKey(path)) paths[path] = Tag(Rewrite(operations, Rename), service);
            }

            foreach (var (name, schema) in Members(document["components"]?["schemas"])) schemas.TryAdd(Rename(name), Rewrite(schema, Rename));
            security ??= document["components"]?["securitySchemes"]?.DeepClone();
            if (paths.Count > before) tags.Add(new JsonObject { ["name"] = service });
        }

        var merged = new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject { ["title"] = "FitFlow", ["version"] = Routes.Version },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["tags"] = tags,
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = new JsonObject(schemas.Select(schema => KeyValuePair.Create(schema.Key, schema.Value))),
                ["securitySchemes"] = security ?? new JsonObject(),
            },
        };
        if (missing.Count > 0) merged["x-partial"] = new JsonArray([.. missing.Select(service => JsonValue.Create(service))]);
        return merged;
    }

    private static HashSet<string> Contested(IReadOnlyList<(string Service, JsonNode Document)> documents) =>
        documents.SelectMany(found => Members(found.Document["components"]?["schemas"]))
            .GroupBy(schema => schema.Key, StringComparer.Ordinal)
            .Where(same => same.Skip(1).Any(other => !JsonNode.DeepEquals(other.Value, same.First().Value)))
            .Select(same => same.Key)
            .ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Members(JsonNode? node) => node as JsonObject ?? [];

    private static JsonNode? Tag(JsonNode? operations, string service)
    {
        foreach (var (_, operation) in Members(operations))
        {
            if (operation is JsonObject described) described["tags"] = new JsonArray(service);
        }

        return operations;
    }

    /// A copy in which every reference to a schema has its new name.
    private static JsonNode? Rewrite(JsonNode? node, Func<string, string> rename) => node switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Rewrite(member.Value, rename)))),
        JsonArray items => new JsonArray([.. items.Select(item => Rewrite(item, rename))]),
        JsonValue value when value.TryGetValue<string>(out var text) && text.StartsWith(SchemaPrefix, StringComparison.Ordinal) => SchemaPrefix + rename(text[SchemaPrefix.Length..]),
        _ => node?.DeepClone(),
    };

    private static string Capital(string name) => char.ToUpperInvariant(name[0]) + name[1..];
}
