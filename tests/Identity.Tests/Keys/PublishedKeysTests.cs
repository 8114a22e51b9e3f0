using System.Net;
using System.Text.Json;

namespace FitFlow.Identity.Tests.Keys;

public sealed class PublishedKeysTests(RunningSystem system)
{
    [Fact]
    public async Task TheKeyThatSignsIsPublishedAndItsPrivateHalfIsNot()
    {
        var person = await system.GivenPerson();
        using var http = new HttpClient { BaseAddress = system.Service("identity") };

        var answer = await http.GetAsync("/.well-known/jwks.json");

        answer.ShouldBe(HttpStatusCode.OK);
        var keys = (await answer.Read()).GetProperty("keys").EnumerateArray().ToList();
        Assert.Contains(keys, key => key.GetProperty("kid").GetString() == KeyIdOf(person.Token));
        Assert.All(keys, key =>
        {
            Assert.Equal("ES256", key.GetProperty("alg").GetString());
            Assert.False(key.TryGetProperty("d", out _));
        });
    }

    private static string? KeyIdOf(string token)
    {
        var header = token[..token.IndexOf('.', StringComparison.Ordinal)].Replace('-', '+').Replace('_', '/');
        using var json = JsonDocument.Parse(Convert.FromBase64String(header.PadRight((header.Length + 3) / 4 * 4, '=')));
        return json.RootElement.GetProperty("kid").GetString();
    }
}
