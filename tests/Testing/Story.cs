using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using FitFlow.ServiceDefaults;

namespace FitFlow.Testing;

/// <summary>What tests say over HTTP, in the words of the people who do it.</summary>
public static class Story
{
    private const string AdminEmail = "admin@fitflow.localhost";

    private static readonly SemaphoreSlim MakingAdmin = new(1, 1);

    /// <summary>Somebody who registered through the gateway, followed the link in the letter and signed in; nobody else has this address.</summary>
    public static async Task<Person> GivenPerson(this RunningSystem system)
    {
        var person = new Person(system, Guid.Empty, NewEmail(), "correct horse battery", Token: "");
        using var http = system.Anonymous();
        var registered = await http.PostAsJsonAsync(
            "/api/v1/auth/register", new { person.Email, person.Password, first_name = "Ada", last_name = "Byron" }, Json.Options);
        registered.ShouldBe(HttpStatusCode.Accepted);

        var letter = await system.LetterTo(person.Email);
        (await http.PostAsJsonAsync("/api/v1/auth/verify-email", new { letter.Token, person.Password }, Json.Options)).ShouldBe(HttpStatusCode.NoContent);
        return await system.SignIn(person);
    }

    /// <summary>The platform's first admin, in a session of its own. The account is the same for all tests: leave its password and role alone.</summary>
    public static async Task<Person> GivenAdmin(this RunningSystem system)
    {
        var admin = new Person(system, Guid.Empty, AdminEmail, "staple battery horse", Token: "");
        using var http = system.Anonymous();
        await MakingAdmin.WaitAsync();
        try
        {
            var login = await http.PostAsJsonAsync("/api/v1/auth/login", new { admin.Email, admin.Password }, Json.Options);
            if (login.StatusCode == HttpStatusCode.Unauthorized)
            {
                var letter = await system.LetterTo(AdminEmail);
                var chosen = await http.PostAsJsonAsync("/api/v1/auth/reset-password", new { letter.Token, admin.Password }, Json.Options);
                chosen.ShouldBe(HttpStatusCode.NoContent);
            }
        }
        finally
        {
            MakingAdmin.Release();
        }

        return await system.SignIn(admin);
    }

    /// <summary>An address that nobody has.</summary>
    public static string NewEmail() => $"{Path.GetRandomFileName()}@example.org";

    /// <summary>The next letter to this address, taken out of the mail catcher.</summary>
    public static async Task<Letter> LetterTo(this RunningSystem system, string email)
    {
        using var catcher = new HttpClient { BaseAddress = system.Mail };
        JsonElement caught = default;
        await Eventually.Holds(async () => (caught = await Caught(catcher, email)).GetArrayLength() > 0, $"a letter to {email}");
        var letter = caught[0];
        (await catcher.DeleteAsync($"/email/{letter.GetProperty("id").GetString()}")).ShouldBe(HttpStatusCode.OK);
        return new Letter(letter);
    }

    /// <summary>How many letters to this address the mail catcher holds.</summary>
    public static async Task<int> LettersTo(this RunningSystem system, string email)
    {
        using var catcher = new HttpClient { BaseAddress = system.Mail };
        return (await Caught(catcher, email)).GetArrayLength();
    }

    /// <summary>The same person in a session of its own, say on another device.</summary>
    public static async Task<Person> SignIn(this RunningSystem system, Person person)
    {
        if (person.Password.Length == 0) return await person.SignedAnew();
        using var http = system.Anonymous();
        var login = await http.PostAsJsonAsync("/api/v1/auth/login", new { email = person.Email, password = person.Password });
        login.ShouldBe(HttpStatusCode.OK);
        var answer = await login.Read();
        return person with { Id = answer.GetProperty("user").GetProperty("id").GetGuid(), Token = answer.GetProperty("access_token").GetString()!, RefreshToken = answer.GetProperty("refresh_token").GetString()! };
    }

    public static async Task<JsonElement> Read(this HttpResponseMessage response) =>
        await response.Content.ReadFromJsonAsync<JsonElement>(Json.Options);

    private static Task<JsonElement> Caught(HttpClient catcher, string email) =>
        catcher.GetFromJsonAsync<JsonElement>($"/email?to.address={Uri.EscapeDataString(email)}");
}

/// <summary>An e-mail as the mail catcher took it apart.</summary>
public sealed record Letter(JsonElement Raw)
{
    public string Subject => Raw.GetProperty("subject").GetString()!;

    public string Text => Raw.GetProperty("text").GetString()!;

    public string Html => Raw.GetProperty("html").GetString()!;

    /// <summary>What its link carries.</summary>
    public string Token => Text.Split("#token=") is [_, var rest] ? rest.Split('\n', '\r', ' ')[0] : throw new InvalidOperationException($"This letter has no link with a token: {Text}");
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
