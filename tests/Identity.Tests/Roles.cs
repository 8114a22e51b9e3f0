using System.Net.Http.Json;

namespace FitFlow.Identity.Tests;

/// What nobody becomes by asking.
internal static class Roles
{
    /// A person whom an admin has given a role on the platform.
    public static async Task<Person> GivenPerson(this RunningSystem system, string role)
    {
        var person = await system.GivenPerson();
        await IdentityDb.Write("UPDATE users SET role = @Role WHERE id = @Id", ("Role", role), ("Id", person.Id));
        return await system.SignIn(person);
    }

    public static async Task<HttpResponseMessage> Send(this Person person, HttpMethod method, string path, object? body = null, Guid? studio = null)
    {
        using var http = person.Http();
        using var request = new HttpRequestMessage(method, $"/api/v1{path}") { Content = body is null ? null : JsonContent.Create(body) };
        if (studio is { } id) request.Headers.Add("X-Studio-Id", id.ToString());
        return await http.SendAsync(request);
    }

    public static Task<HttpResponseMessage> Get(this Person person, string path, Guid? studio = null) => person.Send(HttpMethod.Get, path, studio: studio);

    public static Task<HttpResponseMessage> Put(this Person person, string path, object body) => person.Send(HttpMethod.Put, path, body);

    public static Task<HttpResponseMessage> Post(this Person person, string path, object? body = null, Guid? studio = null) =>
        person.Send(HttpMethod.Post, path, body, studio);

    /// What the log holds of this type about this aggregate, oldest first, as it goes on the wire.
    public static Task<IReadOnlyList<string>> Events(string type, Guid about) => IdentityDb.Read<string>(
        "SELECT payload FROM outbox WHERE type = @Type AND aggregate_id = @About ORDER BY seq", ("Type", type), ("About", about));
}
