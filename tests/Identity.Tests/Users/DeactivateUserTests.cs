using System.Net;
using System.Net.Http.Json;

namespace FitFlow.Identity.Tests.Users;

public sealed class DeactivateUserTests(RunningSystem system)
{
    [Fact]
    public async Task SessionsEndAtOnceAndOnlyWhoKnowsThePasswordIsToldWhy()
    {
        var admin = await system.GivenPerson("admin");
        var ada = await system.GivenPerson();
        using var http = system.Anonymous();

        (await admin.Post($"/users/{ada.Id}/deactivate")).ShouldBe(HttpStatusCode.NoContent);

        await Eventually.Holds(async () => (await ada.Get("/users/me")).StatusCode == HttpStatusCode.Unauthorized, "the token is refused");
        (await http.PostAsJsonAsync("/api/v1/auth/refresh", new { refresh_token = ada.RefreshToken })).ShouldBe(HttpStatusCode.Unauthorized);
        await (await http.PostAsJsonAsync("/api/v1/auth/login", new { email = ada.Email, password = "wrong horse battery" }))
            .ShouldBeProblem(HttpStatusCode.Unauthorized, "accounts.wrong_credentials");
        await (await http.PostAsJsonAsync("/api/v1/auth/login", new { email = ada.Email, password = ada.Password }))
            .ShouldBeProblem(HttpStatusCode.Forbidden, "accounts.deactivated");
        (await Roles.Events("user.deactivated", ada.Id)).ShouldBe([$$"""{"user_id":"{{ada.Id}}"}"""]);
    }

    [Fact]
    public async Task OnceIsEnough()
    {
        var admin = await system.GivenPerson("admin");
        var ada = await system.GivenPerson();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => admin.Post($"/users/{ada.Id}/deactivate")));

        Assert.All(answers, answer => answer.ShouldBe(HttpStatusCode.NoContent));
        (await Roles.Events("user.deactivated", ada.Id)).Count.ShouldBe(1);
        (await IdentityDb.Count("SELECT COUNT(*) FROM audit_log WHERE subject_id = @Id AND kind = 'deactivated' AND actor_id = @Admin", ("Id", ada.Id), ("Admin", admin.Id))).ShouldBe(1);
    }

    [Fact]
    public async Task WhoIsPutBackSignsInAgain()
    {
        var admin = await system.GivenPerson("admin");
        var ada = await system.GivenPerson();
        (await admin.Post($"/users/{ada.Id}/deactivate")).ShouldBe(HttpStatusCode.NoContent);

        (await admin.Post($"/users/{ada.Id}/reactivate")).ShouldBe(HttpStatusCode.NoContent);
        (await admin.Post($"/users/{ada.Id}/reactivate")).ShouldBe(HttpStatusCode.NoContent);

        var back = await system.SignIn(ada);
        (await back.Me()).GetProperty("id").GetGuid().ShouldBe(ada.Id);
        (await Roles.Events("user.updated", ada.Id)).ShouldBe([$$"""{"user_id":"{{ada.Id}}","changes":["is_active"]}"""]);
    }

    [Theory]
    [InlineData("client")]
    [InlineData("trainer")]
    [InlineData("gym_owner")]
    public async Task OnlyAdminsMay(string role)
    {
        var person = await system.GivenPerson(role);
        var ada = await system.GivenPerson();

        foreach (var verb in new[] { "deactivate", "reactivate" })
        {
            await (await person.Post($"/users/{ada.Id}/{verb}")).ShouldBeProblem(HttpStatusCode.Forbidden, "auth.forbidden");
        }

        (await ada.Get("/users/me")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task NobodyIsNotDeactivated()
    {
        var admin = await system.GivenPerson("admin");

        foreach (var verb in new[] { "deactivate", "reactivate" })
        {
            await (await admin.Post($"/users/{Guid.CreateVersion7(DateTimeOffset.UnixEpoch)}/{verb}")).ShouldBeProblem(HttpStatusCode.NotFound, "users.unknown");
        }
    }
}
