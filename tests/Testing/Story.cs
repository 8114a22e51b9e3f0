using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using FitFlow.ServiceDefaults;

namespace FitFlow.Testing;

/// <summary>What tests say over HTTP, in the words of the people who do it.</summary>
public static class Story
{
    /// <summary>Somebody who registered through the gateway and signed in; nobody else has this address.</summary>
    public static async Task<Person> GivenPerson(this RunningSystem system)
    {
        var email = $"{Path.GetRandomFileName()}@example.org";
        const string Password = "correct horse battery";
        using var http = system.Anonymous();
        var registered = await http.PostAsJsonAsync(
            "/api/v1/auth/register", new { email, password = Password, first_name = "Ada", last_name = "Byron" });
        registered.ShouldBe(HttpStatusCode.Created);
        var id = (await registered.Read()).GetProperty("id").GetGuid();

        return await system.SignIn(new Person(system, id, email, Password, Token: ""));
    }

    /// <summary>The same person in a session of its own, say on another device.</summary>
    public static async Task<Person> SignIn(this RunningSystem system, Person person)
    {
        using var http = system.Anonymous();
        var login = await http.PostAsJsonAsync("/api/v1/auth/login", new { email = person.Email, password = person.Password });
        login.ShouldBe(HttpStatusCode.OK);
        var answer = await login.Read();
        return person with { Token = answer.GetProperty("access_token").GetString()!, RefreshToken = answer.GetProperty("refresh_token").GetString()! };
    }

    public static async Task<JsonElement> Read(this HttpResponseMessage response) =>
        await response.Content.ReadFromJsonAsync<JsonElement>(Json.Options);
}

/// <summary>A person with a token, talking to the gateway.</summary>
public sealed record Person(RunningSystem System, Guid Id, string Email, string Password, string Token, string RefreshToken = "")
{
    public HttpClient Http()
    {
        var http = System.Anonymous();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return http;
    }

    public async Task<JsonElement> Me()
    {
        using var http = Http();
        return await http.GetFromJsonAsync<JsonElement>("/api/v1/users/me");
    }
}
