using System.Net;
using System.Net.Http.Json;

namespace FitFlow.Testing;

/// <summary>A studio of one test, and the person who opened it.</summary>
public sealed record Studio(RunningSystem System, Guid Id, Person Owner)
{
    /// <summary>The address of the studio, or of what <paramref name="rest"/> names in it.</summary>
    public string Path(string rest = "") => $"/api/v1/studios/{Id}{rest}";

    /// <summary>The person, talking about this studio.</summary>
    public HttpClient Http(Person person)
    {
        var http = person.Http();
        http.DefaultRequestHeaders.Add("X-Studio-Id", Id.ToString());
        return http;
    }
}

public static class StudioStory
{
    /// <summary>What a studio cannot do without.</summary>
    public static IDictionary<string, object?> NewStudio => new Dictionary<string, object?>(StringComparer.Ordinal)
    {
        ["name"] = "Iron & Silk",
        ["time_zone"] = "America/Toronto",
        ["currency"] = "CAD",
        ["tax_region"] = "CA-ON",
    };

    /// <summary>A studio that somebody has just opened, who is signed in as its owner.</summary>
    public static async Task<Studio> GivenStudio(this RunningSystem system)
    {
        var person = await system.GivenPerson();
        using var http = person.Http();
        var opened = await http.PostAsJsonAsync("/api/v1/studios", NewStudio);
        opened.ShouldBe(HttpStatusCode.Created);

        // The token at hand was signed before there was the studio.
        return new Studio(system, (await opened.Read()).GetProperty("id").GetGuid(), await system.SignIn(person));
    }
}
