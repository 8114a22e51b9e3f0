using System.Net;
using System.Net.Http.Json;

namespace FitFlow.Identity.Tests.Users;

public sealed class CreateUserTests(RunningSystem system)
{
    private static object Somebody(string email, string role = "trainer", string name = "Tom", string language = "en", string? phone = null) =>
        new { email, role, first_name = name, last_name = name, language, phone, password = "chosen by the admin", is_active = false };

    [Fact]
    public async Task TheyChooseTheirPasswordByTheLetterAndAreWhatTheAdminSaid()
    {
        var admin = await system.GivenPerson("admin");
        var email = Story.NewEmail();
        using var http = system.Anonymous();

        var answer = await admin.Post("/users", Somebody(email, language: "fr"));

        answer.ShouldBe(HttpStatusCode.Created);
        var id = (await answer.Read()).GetProperty("id").GetGuid();
        answer.Headers.Location?.ToString().ShouldBe($"/api/v1/users/{id}");
        (await http.PostAsJsonAsync("/api/v1/auth/login", new { email, password = "chosen by the admin" })).ShouldBe(HttpStatusCode.Unauthorized);
        var letter = await system.LetterTo(email);
        Assert.Contains("compte", letter.Text, StringComparison.Ordinal);
        (await http.PostAsJsonAsync("/api/v1/auth/reset-password", new { token = letter.Token, password = "chosen by themselves" })).ShouldBe(HttpStatusCode.NoContent);
        var tom = await system.SignIn(new Person(system, id, email, "chosen by themselves", Token: ""));
        (await tom.Me()).GetProperty("role").GetString().ShouldBe("trainer");
        (await Roles.Events("user.registered", id)).ShouldBe([$$"""{"user_id":"{{id}}","role":"trainer"}"""]);
        (await IdentityDb.Count("SELECT COUNT(*) FROM audit_log WHERE kind = 'account_created' AND subject_id = @Id AND actor_id = @Admin", ("Id", id), ("Admin", admin.Id))).ShouldBe(1);
    }

    [Fact]
    public async Task AnAddressHasOneAccount()
    {
        var admin = await system.GivenPerson("admin");
        var email = Story.NewEmail();

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => admin.Post("/users", Somebody(i % 2 == 0 ? email : email.ToUpperInvariant()))));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        foreach (var answer in answers.Where(answer => answer.StatusCode != HttpStatusCode.Created)) await answer.ShouldBeProblem(HttpStatusCode.Conflict, "accounts.email_taken");
    }

    [Theory]
    [InlineData("client")]
    [InlineData("trainer")]
    [InlineData("gym_owner")]
    public async Task OnlyAdminsMay(string role)
    {
        var person = await system.GivenPerson(role);

        await (await person.Post("/users", Somebody(Story.NewEmail()))).ShouldBeProblem(HttpStatusCode.Forbidden, "auth.forbidden");
    }

    [Theory, ClassData(typeof(OddTexts))]
    public async Task ANameIsKeptToTheLetter(string name)
    {
        var admin = await system.GivenPerson("admin");

        var answer = await admin.Post("/users", Somebody(Story.NewEmail(), name: name));

        answer.ShouldBe(HttpStatusCode.Created);
        var id = (await answer.Read()).GetProperty("id").GetGuid();
        (await (await admin.Get($"/users/{id}")).Read()).GetProperty("first_name").GetString().ShouldBe(name);
        (await admin.Post("/users", Somebody(name))).ShouldBe(HttpStatusCode.BadRequest);
        (await admin.Post("/users", Somebody(Story.NewEmail(), role: name))).ShouldBe(HttpStatusCode.BadRequest);
        (await admin.Post("/users", Somebody(Story.NewEmail(), phone: name))).ShouldBe(HttpStatusCode.BadRequest);
    }
}
