using System.Text.Json;

namespace FitFlow.EndToEnd.Tests;

/// What the committed manifest tells those who deploy it.
public sealed class PublishedModelTests
{
    private static readonly JsonElement Resources = Read().GetProperty("resources");

    [Fact]
    public void TheManifestHoldsNoSecret()
    {
        var parameters = Resources.EnumerateObject().Where(resource => resource.Value.GetProperty("type").GetString() == "parameter.v0").ToList();

        Assert.NotEmpty(parameters);
        Assert.All(parameters, parameter =>
        {
            // A secret is generated or asked for, a setting is asked for: neither is written down.
            Assert.Equal($"{{{parameter.Name}.inputs.value}}", parameter.Value.GetProperty("value").GetString());
            var input = parameter.Value.GetProperty("inputs").GetProperty("value");
            Assert.False(input.TryGetProperty("default", out var value) && value.TryGetProperty("value", out _));
            Assert.True(input.TryGetProperty("secret", out var secret) ? secret.GetBoolean() : !input.TryGetProperty("default", out _));
        });
        foreach (var (resource, name, value) in Environments().Where(variable => variable.Name.Contains("PASS", StringComparison.OrdinalIgnoreCase)))
        {
            Assert.True(value.StartsWith('{') && value.EndsWith('}'), $"{resource} has {name} in the open");
        }
    }

    [Fact]
    public void OnlyTheMigrateRunHoldsTheKeysToTheSchema()
    {
        var holders = Environments()
            .Where(variable => variable.Name.EndsWith("-admin", StringComparison.Ordinal) || variable.Name.EndsWith("-migrator", StringComparison.Ordinal))
            .Select(variable => variable.Resource)
            .Distinct()
            .ToList();

        Assert.NotEmpty(holders);
        Assert.All(holders, holder => Assert.EndsWith("-migrate", holder));
    }

    private static IEnumerable<(string Resource, string Name, string Value)> Environments() =>
        from resource in Resources.EnumerateObject()
        where resource.Value.TryGetProperty("env", out _)
        from variable in resource.Value.GetProperty("env").EnumerateObject()
        select (resource.Name, variable.Name, variable.Value.GetString()!);

    private static JsonElement Read()
    {
        using var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(Checkout.Root, "aspire-manifest.json")));
        return manifest.RootElement.Clone();
    }
}
