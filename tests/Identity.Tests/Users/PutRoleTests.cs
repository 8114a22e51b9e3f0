using System.Net;

namespace FitFlow.Identity.Tests.Users;

public sealed class PutRoleTests(RunningSystem system)
{
    [Fact]
    public async Task TheNextTokenHasTheNewRoleAndTheOldOneIsRefused()
    {
        var admin = await system.GivenPerson("admin");
        var ada = await system.GivenPerson();

        (await admin.Put($"/users/{ada.Id}/role", new { role = "trainer" })).ShouldBe(HttpStatusCode.NoContent);

        await Eventually.Holds(async () => (await ada.Get("/users/me")).StatusCode == HttpStatusCode.Unauthorized, "the old token is refused");
        (await (await system.SignIn(ada)).Get("/users/me/trainer-profile")).ShouldBe(HttpStatusCode.OK);
        (await Roles.Events("user.updated", ada.Id)).ShouldBe([$$"""{"user_id":"{{ada.Id}}","changes":["role"]}"""]);
        (await IdentityDb.Count("SELECT COUNT(*) FROM audit_log WHERE subject_id = @Id AND kind = 'role_changed' AND actor_id = @Admin", ("Id", ada.Id), ("Admin", admin.Id))).ShouldBe(1);
    }

    [Fact]
    public async Task TheSameRoleIsNoNews()
    {
        var admin = await system.GivenPerson("admin");
        var ada = await system.GivenPerson();

        (await admin.Put($"/users/{ada.Id}/role", new { role = "client" })).ShouldBe(HttpStatusCode.NoContent);

        Assert.Empty(await Roles.Events("user.updated", ada.Id));
        (await ada.Get("/users/me")).ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("client")]
    [InlineData("trainer")]
    [InlineData("gym_owner")]
    public async Task OnlyAdminsMay(string role)
    {
        var person = await system.GivenPerson(role);

        await (await person.Put($"/users/{person.Id}/role", new { role = "admin" })).ShouldBeProblem(HttpStatusCode.Forbidden, "auth.forbidden");
    }

    [Theory]
    [InlineData("everyone")]
    [InlineData("ADMIN")]
    [InlineData("service")]
    [InlineData("")]
    [InlineData("admin' --")]
    public async Task WhatIsNoRoleIsRefused(string role)
    {
        var admin = await system.GivenPerson("admin");
        var ada = await system.GivenPerson();

        await (await admin.Put($"/users/{ada.Id}/role", new { role })).ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");
    }

    [Fact]
    public async Task NobodyHasNoRole() => await (await (await system.GivenPerson("admin")).Put($"/users/{Guid.CreateVersion7(DateTimeOffset.UnixEpoch)}/role", new { role = "client" }))
        .ShouldBeProblem(HttpStatusCode.NotFound, "users.unknown");
}
