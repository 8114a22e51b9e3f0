using System.Net;
using System.Net.Http.Json;
using FitFlow.ServiceDefaults;

namespace FitFlow.Testing;

/// <summary>A studio of one test, and the person who opened it.</summary>
public sealed record Studio(RunningSystem System, Guid Id, Person Owner)
{
    private Task<string>? _joinLink;

    /// <summary>The address of the studio, or of what <paramref name="rest"/> names in it.</summary>
    public string Path(string rest = "") => $"/api/v1/studios/{Id}{rest}";

    /// <summary>The person, talking about this studio.</summary>
    public HttpClient Http(Person person)
    {
        var http = person.Http();
        http.DefaultRequestHeaders.Add("X-Studio-Id", Id.ToString());
        return http;
    }

    public async Task<Person> GivenTrainer() => (await GivenTrainers(1))[0];

    public async Task<Person> GivenClient() => (await GivenClients(1))[0];

    /// <summary>Many at once, made quickly: see <see cref="QuickPeople"/>.</summary>
    public Task<IReadOnlyList<Person>> GivenTrainers(int count) => System.GivenPeople(count, Id, Role.Trainer);

    /// <inheritdoc cref="GivenTrainers"/>
    public Task<IReadOnlyList<Person>> GivenClients(int count) => System.GivenPeople(count, Id, Role.Client);

    /// <summary>Somebody who belongs to other studios belongs to this one too, with a token that says so.</summary>
    public async Task<Person> Admit(Person person, params Role[] roles)
    {
        await System.Admit([person.Id], Id, roles.Aggregate((all, role) => all | role));
        return await person.SignedAnew();
    }

    /// <summary>
    /// Somebody who registered, joined by the studio's link and was made this by its owner, with a token that says so and a password. Takes half a
    /// second: for tests of just that.
    /// </summary>
    public async Task<Person> GivenMember(params string[] roles)
    {
        var person = await System.GivenPerson();
        await Join(person);
        if (roles is not ["client"]) await SetRoles(person, roles);
        return await person.Renewed();
    }

    /// <summary>The person becomes a client by the link. Their token does not know yet.</summary>
    public async Task Join(Person person)
    {
        var token = await (_joinLink ??= MakeJoinLink());
        using var http = person.Http();
        (await http.PostAsJsonAsync("/api/v1/studios/join", new { token })).ShouldBe(HttpStatusCode.OK);
    }

    public async Task SetRoles(Person person, params string[] roles)
    {
        using var http = Http(Owner);
        (await http.PutAsJsonAsync(Path($"/members/{person.Id}"), new { roles })).ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>From now on the trainer coaches the client.</summary>
    public async Task Assign(Person trainer, Person client)
    {
        using var http = Http(Owner);
        (await http.PutAsync(Path($"/members/{client.Id}/trainers/{trainer.Id}"), content: null)).ShouldBe(HttpStatusCode.NoContent);
    }

    private async Task<string> MakeJoinLink()
    {
        using var http = Http(Owner);
        var made = await http.PostAsync(Path("/join-link"), content: null);
        made.ShouldBe(HttpStatusCode.OK);
        return (await made.Read()).GetProperty("token").GetString()!;
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

    /// <summary>A studio that somebody, or <paramref name="owner"/>, has just opened, with a token that says so.</summary>
    public static async Task<Studio> GivenStudio(this RunningSystem system, Person? owner = null)
    {
        var person = owner ?? await system.GivenSomebody();
        using var http = person.Http();
        var opened = await http.PostAsJsonAsync("/api/v1/studios", NewStudio);
        opened.ShouldBe(HttpStatusCode.Created);

        return new Studio(system, (await opened.Read()).GetProperty("id").GetGuid(), await person.Renewed());
    }

    /// <summary>The same person with a token of now: the one at hand says what was true when it was signed.</summary>
    public static async Task<Person> Renewed(this Person person)
    {
        if (person.RefreshToken.Length == 0) return await person.SignedAnew();
        using var http = person.System.Anonymous();
        var refreshed = await http.PostAsJsonAsync("/api/v1/auth/refresh", new { refresh_token = person.RefreshToken }, Json.Options);
        refreshed.ShouldBe(HttpStatusCode.OK);
        var answer = await refreshed.Read();
        return person with { Token = answer.GetProperty("access_token").GetString()!, RefreshToken = answer.GetProperty("refresh_token").GetString()! };
    }
}
