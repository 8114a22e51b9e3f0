using System.Net;
using System.Text.Json;

namespace FitFlow.Identity.Tests.Users;

public sealed class ListUsersTests(RunningSystem system)
{
    private static List<Guid> Ids(JsonElement page) => [.. page.GetProperty("data").EnumerateArray().Select(user => user.GetProperty("id").GetGuid())];

    private static async Task<Person> Named(RunningSystem system, string lastName)
    {
        var person = await system.GivenPerson();
        (await person.Put("/users/me", new { first_name = "Ada", last_name = lastName, language = "en" })).ShouldBe(HttpStatusCode.OK);
        return person;
    }

    [Theory]
    [InlineData("client")]
    [InlineData("trainer")]
    public async Task ClientsAndTrainersListNobody(string role)
    {
        var person = await system.GivenPerson(role);

        await (await person.Get("/users")).ShouldBeProblem(HttpStatusCode.Forbidden, "auth.forbidden");
    }

    [Fact]
    public async Task AnAdminFindsPeopleByHowTheirNameOrAddressBeginsNewestFirst()
    {
        var admin = await system.GivenPerson("admin");
        var name = $"Q{Path.GetRandomFileName()}";
        var first = await Named(system, name);
        var second = await Named(system, $"{name}-2");

        Ids(await (await admin.Get($"/users?search={name.ToLowerInvariant()}")).Read()).ShouldBe([second.Id, first.Id]);
        Ids(await (await admin.Get($"/users?search={Uri.EscapeDataString(first.Email.ToUpperInvariant())}")).Read()).ShouldBe([first.Id]);
        Ids(await (await admin.Get("/users?search=%25%25")).Read()).ShouldBe([]);
        Ids(await (await admin.Get("/users?search=%27%20OR%201%3D1%20--")).Read()).ShouldBe([]);
    }

    [Fact]
    public async Task PagesFollowEachOtherWithoutGapOrRepeat()
    {
        var admin = await system.GivenPerson("admin");
        var name = $"P{Path.GetRandomFileName()}";
        var people = new List<Guid>();
        for (var i = 0; i < 5; i++) people.Add((await Named(system, name)).Id);

        var seen = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await (await admin.Get($"/users?search={name}&limit=2{(cursor is null ? "" : $"&cursor={cursor}")}")).Read();
            seen.AddRange(Ids(page));
            cursor = page.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);

        seen.ShouldBe([.. Enumerable.Reverse(people)]);
    }

    [Fact]
    public async Task ACursorBelongsToItsQuery()
    {
        var admin = await system.GivenPerson("admin");
        await system.GivenPerson();
        var cursor = (await (await admin.Get("/users?limit=1")).Read()).GetProperty("next_cursor").GetString();

        (await admin.Get($"/users?limit=1&cursor={cursor}")).ShouldBe(HttpStatusCode.OK);
        await (await admin.Get($"/users?limit=1&role=client&cursor={cursor}")).ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");
        await (await admin.Get("/users?cursor=AAAA")).ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");
        await (await admin.Get("/users?limit=201")).ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");
        await (await admin.Get("/users?role=everyone")).ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");
    }

    [Fact]
    public async Task RoleAndActivityNarrowTheList()
    {
        var admin = await system.GivenPerson("admin");
        var trainer = await system.GivenPerson("trainer");
        var gone = await system.GivenPerson("trainer");
        (await admin.Post($"/users/{gone.Id}/deactivate")).ShouldBe(HttpStatusCode.NoContent);

        var trainers = Ids(await (await admin.Get("/users?role=trainer&limit=200")).Read());
        Assert.Contains(trainer.Id, trainers);
        Assert.Contains(gone.Id, trainers);
        Assert.DoesNotContain(admin.Id, trainers);
        Assert.DoesNotContain(gone.Id, Ids(await (await admin.Get("/users?role=trainer&is_active=true&limit=200")).Read()));
        Assert.Contains(gone.Id, Ids(await (await admin.Get("/users?is_active=false&limit=200")).Read()));
    }
}
