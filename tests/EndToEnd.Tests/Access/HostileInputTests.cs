using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FitFlow.EndToEnd.Tests.Access;

/// Whatever is written into a field of any route, the answer is one that a client can act on: never a fault of ours.
public sealed partial class HostileInputTests(RunningSystem system)
{
    public static TheoryData<string> Texts =>
    [
        "' OR '1'='1",
        "'; DROP TABLE users; -- ",
        "\") UNION SELECT password_hash FROM users #",
        "\\' \\\" \\0 %27 %00 \u0000",
        "@Id {0} ${x} {{x}} <script>alert(1)</script>",
        "\U0001F3CB\u202E\uFEFF e\u0301 \uFFFF",
        "\r\nX-Studio-Id: 1\r\n\r\n",
        new string('a', 5_000),
    ];

    [Theory, MemberData(nameof(Texts))]
    public async Task NoTextInAnyFieldIsAFaultOfOurs(string text)
    {
        var studio = await system.GivenStudio();
        using var http = studio.Http(studio.Owner);
        using var anonymous = system.Anonymous();
        var api = await anonymous.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        var faults = new List<string>();

        // Signing out works with any body, and would have the rest answered with 401; a wrong password counts against everybody who tests from here.
        foreach (var path in api.GetProperty("paths").EnumerateObject().Where(path => path.Name is not ("/api/v1/auth/logout" or "/api/v1/auth/login")))
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                foreach (var body in Bodies(api, operation.Value, text)) await Expect(http, operation.Name, WithIds(path.Name, studio.Id), body);
                foreach (var name in Queries(operation.Value)) await Expect(http, operation.Name, $"{WithIds(path.Name, studio.Id)}?{name}={Uri.EscapeDataString(text)}", body: null);
            }
        }

        Assert.Empty(faults);
        Assert.Equal(studio.Owner.Id, (await studio.Owner.Me()).GetProperty("id").GetGuid());

        async Task Expect(HttpClient client, string method, string address, JsonNode? body)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), address);
            if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            using var answer = await client.SendAsync(request);
            if ((int)answer.StatusCode >= 500 && !IsMissingService(await answer.Content.ReadAsStringAsync())) faults.Add($"{method} {address} {(int)answer.StatusCode}: {body?.ToJsonString()[..Math.Min(200, body.ToJsonString().Length)]}");
        }
    }

    /// A body as the route asks for it, but with this text in one field; and one with it in all.
    private static IEnumerable<JsonNode> Bodies(JsonElement api, JsonElement operation, string text)
    {
        if (!operation.TryGetProperty("requestBody", out var request)) yield break;
        var schema = Resolve(api, request.GetProperty("content").GetProperty("application/json").GetProperty("schema"));
        if (!schema.TryGetProperty("properties", out var properties)) yield break;
        var names = properties.EnumerateObject().Select(property => property.Name).ToList();
        yield return new JsonObject(names.Select(name => KeyValuePair.Create<string, JsonNode?>(name, text)));
        foreach (var hostile in names)
        {
            yield return new JsonObject(names.Select(name => KeyValuePair.Create(name, name == hostile ? text : Usual(api, properties.GetProperty(name)))));
        }
    }

    private static JsonNode? Usual(JsonElement api, JsonElement property)
    {
        var schema = Resolve(api, property);
        if (schema.TryGetProperty("enum", out var values)) return JsonValue.Create(values[0].GetString());
        var types = schema.TryGetProperty("type", out var type) ? type.ToString() : "";
        return types.Contains("integer", StringComparison.Ordinal) || types.Contains("number", StringComparison.Ordinal) ? JsonValue.Create(1)
            : types.Contains("boolean", StringComparison.Ordinal) ? JsonValue.Create(true)
            : types.Contains("array", StringComparison.Ordinal) ? new JsonArray()
            : types.Contains("object", StringComparison.Ordinal) ? new JsonObject()
            : JsonValue.Create("usual@example.org");
    }

    private static JsonElement Resolve(JsonElement api, JsonElement schema)
    {
        if (schema.TryGetProperty("oneOf", out var either)) schema = either.EnumerateArray().Last();
        return schema.TryGetProperty("$ref", out var reference)
            ? api.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1])
            : schema;
    }

    private static IEnumerable<string> Queries(JsonElement operation) =>
        operation.TryGetProperty("parameters", out var parameters)
            ? parameters.EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() == "query").Select(parameter => parameter.GetProperty("name").GetString()!)
            : [];

    private static string WithIds(string path, Guid studio) => Parameter().Replace(
        path.Replace("{studio_id}", studio.ToString(), StringComparison.Ordinal), _ => Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString());

    // What is not built yet says so with a 503.
    private static bool IsMissingService(string problem) => problem.Contains("dependency.unavailable", StringComparison.Ordinal);

    [GeneratedRegex(@"\{\w+\}", RegexOptions.None, 1000)]
    private static partial Regex Parameter();
}
