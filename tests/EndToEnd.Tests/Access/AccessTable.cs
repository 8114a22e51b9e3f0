using System.Text.Json;

namespace FitFlow.EndToEnd.Tests.Access;

/// Who may call a route: a row of docs/access.md, or what the route itself says in OpenAPI.
public sealed record AccessRow(string Route, string People, bool InStudio, string Services)
{
    public static readonly string[] Roles = ["client", "trainer", "gym_owner", "admin"];

    public bool Admits(string role) => People == "anybody" || People.Split(", ").Contains(role);

    public static IReadOnlyList<AccessRow> Decided() =>
    [
        .. File.ReadLines(Path.Combine(Checkout.Root, "docs", "access.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => new AccessRow(cells[1].Trim('`'), WhoOf(cells[2..6]), cells[6] == "yes", cells[7].Trim('–'))),
    ];

    public static IEnumerable<AccessRow> Declared(JsonElement openApi) =>
        from path in openApi.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        let rule = operation.Value.GetProperty("x-roles")
        select new AccessRow(
            $"{operation.Name.ToUpperInvariant()} {path.Name}",
            rule.GetProperty("public").GetBoolean() ? "anybody" : string.Join(", ", Roles.Where(role => rule.GetProperty("roles").EnumerateArray().Any(named => named.GetString() == role))),
            rule.GetProperty("in_studio").GetBoolean(),
            string.Join(", ", rule.GetProperty("services").EnumerateArray().Select(service => service.GetString()).Order(StringComparer.Ordinal)));

    // One cell says all when nobody has to be signed in.
    private static string WhoOf(string[] cells) =>
        cells.All(cell => cell == "anybody") ? "anybody" : string.Join(", ", Roles.Where((_, i) => cells[i] == "yes"));
}
