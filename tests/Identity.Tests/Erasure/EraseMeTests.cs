using System.Net;
using System.Net.Http.Json;

namespace FitFlow.Identity.Tests.Erasure;

public sealed class EraseMeTests(RunningSystem system)
{
    private const string Phone = "+1 438 555 0173";

    private static object Proof(Person person) => new { password = person.Password };

    /// Somebody with something in every table, and words that nobody else has.
    private async Task<(Person Person, Studio Studio, string Word)> GivenWholePerson()
    {
        var studio = await system.GivenStudio(await system.GivenPerson());
        var person = await studio.GivenMember("trainer", "client");
        var word = $"Zz{Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal)}";
        (await person.Put("/users/me", new { first_name = word, last_name = $"Mc{word}", phone = Phone, language = "fr" })).ShouldBe(HttpStatusCode.OK);
        (await person.Put("/users/me/client-profile", Profiles.MyClientProfileTests.Whole(word))).ShouldBe(HttpStatusCode.OK);
        (await person.Put("/users/me/trainer-profile", new { certifications = new[] { word }, specializations = new[] { word }, bio = word })).ShouldBe(HttpStatusCode.OK);
        await studio.Coaches(person, await studio.GivenMember("client"));
        await studio.Coaches(await studio.GivenMember("trainer"), person);
        (await studio.Owner.Get($"/users/{person.Id}/client-profile", studio.Id)).ShouldBe(HttpStatusCode.OK);
        var inviting = await system.GivenStudio(await system.GivenPerson());
        (await inviting.Owner.Post($"/studios/{inviting.Id}/invitations", new { email = person.Email, roles = new[] { "client" } }, inviting.Id)).ShouldBe(HttpStatusCode.Created);
        (await system.Anonymous().PostAsJsonAsync("/api/v1/auth/forgot-password", new { email = person.Email })).ShouldBe(HttpStatusCode.Accepted);
        return (person, studio, word);
    }

    [Fact]
    public async Task NoByteOfThePersonIsLeftInAnyTable()
    {
        var (person, studio, word) = await GivenWholePerson();
        foreach (var needle in new[] { word, person.Email, Phone }) Assert.NotEmpty(await Holding(needle));

        var answer = await person.Post("/users/me/erase", Proof(person));

        answer.ShouldBe(HttpStatusCode.OK);
        var erased = await answer.Read();
        Assert.Contains("event_log", erased.GetProperty("kept").EnumerateArray().Select(kept => kept.GetProperty("what").GetString()));
        foreach (var needle in new[] { word, person.Email, Phone }) Assert.Empty(await Holding(needle));
        Assert.Equal(["audit_log.actor_id", "audit_log.subject_id", "outbox.aggregate_id", "outbox.user_id", "person_keys.person_id", "users.id"], [.. (await Naming(person.Id)).Where(IsNotTransient)]);
        (await IdentityDb.Count("SELECT COUNT(*) FROM person_keys WHERE person_id = @Id AND secret IS NULL AND erased_at IS NOT NULL", ("Id", person.Id))).ShouldBe(1);
        (await Roles.Events("user.erased", person.Id)).ShouldBe([$$"""{"user_id":"{{person.Id}}"}"""]);
        (await IdentityDb.Count(
            "SELECT COUNT(*) FROM outbox WHERE type = 'membership.changed' AND tenant_id = @Studio AND payload LIKE CONCAT('%', @Person, '%', '\"roles\":[]}')",
            ("Studio", studio.Id), ("Person", person.Id.ToString()))).ShouldBe(1);
    }

    [Fact]
    public async Task WhoIsErasedIsOutAndUnknownToEverybody()
    {
        var (person, studio, _) = await GivenWholePerson();
        var admin = await system.GivenPerson("admin");
        using var http = system.Anonymous();

        (await person.Post("/users/me/erase", Proof(person))).ShouldBe(HttpStatusCode.OK);

        await Eventually.Holds(async () => (await person.Get("/users/me")).StatusCode == HttpStatusCode.Unauthorized, "the token is refused");
        (await http.PostAsJsonAsync("/api/v1/auth/refresh", new { refresh_token = person.RefreshToken })).ShouldBe(HttpStatusCode.Unauthorized);
        await (await http.PostAsJsonAsync("/api/v1/auth/login", new { email = person.Email, password = person.Password }))
            .ShouldBeProblem(HttpStatusCode.Unauthorized, "accounts.wrong_credentials");
        foreach (var asking in new[] { admin, studio.Owner })
        {
            await (await asking.Get($"/users/{person.Id}")).ShouldBeProblem(HttpStatusCode.NotFound, "users.unknown");
        }

        await (await admin.Post($"/users/{person.Id}/erase")).ShouldBeProblem(HttpStatusCode.NotFound, "users.unknown");
        await (await admin.Post($"/users/{person.Id}/reactivate")).ShouldBeProblem(HttpStatusCode.NotFound, "users.unknown");
        await (await admin.Put($"/users/{person.Id}/role", new { role = "trainer" })).ShouldBeProblem(HttpStatusCode.NotFound, "users.unknown");
    }

    [Fact]
    public async Task TheAddressIsFreeForSomebodyElse()
    {
        var ada = await system.GivenPerson();
        (await ada.Post("/users/me/erase", Proof(ada))).ShouldBe(HttpStatusCode.OK);

        using var http = system.Anonymous();
        (await http.PostAsJsonAsync("/api/v1/auth/register", new { email = ada.Email, password = ada.Password, first_name = "Eve", last_name = "Moore" })).ShouldBe(HttpStatusCode.Accepted);
        var letter = await system.LetterTo(ada.Email);
        (await http.PostAsJsonAsync("/api/v1/auth/verify-email", new { token = letter.Token, password = ada.Password })).ShouldBe(HttpStatusCode.NoContent);
        var next = await system.SignIn(ada);

        Assert.NotEqual(ada.Id, next.Id);
        (await (await next.Get("/users/me/client-profile")).Read()).GetProperty("medical_info").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
    }

    [Fact]
    public async Task ATokenAloneIsNotEnough()
    {
        var ada = await system.GivenPerson();

        await (await ada.Post("/users/me/erase", new { password = "wrong horse battery" })).ShouldBeProblem(HttpStatusCode.Forbidden, "accounts.wrong_password");
        await (await ada.Post("/users/me/erase", new { })).ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");

        (await ada.Get("/users/me")).ShouldBe(HttpStatusCode.OK);
        Assert.Empty(await Roles.Events("user.erased", ada.Id));
    }

    [Fact]
    public async Task TheLastOwnerOfAStudioWithMembersIsToldWhichAndStays()
    {
        var studio = await system.GivenStudio(await system.GivenPerson());
        var client = await studio.GivenMember("client");

        var problem = await (await studio.Owner.Post("/users/me/erase", Proof(studio.Owner))).ShouldBeProblem(HttpStatusCode.Conflict, "erasure.last_owner");

        problem.GetProperty("studios")[0].GetProperty("id").GetGuid().ShouldBe(studio.Id);
        problem.GetProperty("studios")[0].GetProperty("name").GetString().ShouldBe("Iron & Silk");
        (await studio.Owner.Get("/users/me")).ShouldBe(HttpStatusCode.OK);
        (await IdentityDb.Count("SELECT COUNT(*) FROM memberships_rows WHERE tenant_id = @Studio", ("Studio", studio.Id))).ShouldBe(2);

        await studio.GivenMember("gym_owner");
        (await studio.Owner.Post("/users/me/erase", Proof(studio.Owner))).ShouldBe(HttpStatusCode.OK);
        (await client.Get("/users/me")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task WhatIsRefusedForOneStudioHappensInNone()
    {
        // The one that stands against it comes last, whatever the order is that they are gone through.
        var (own, joined, held) = (await system.GivenStudio(await system.GivenPerson()), await system.GivenStudio(await system.GivenPerson()), await system.GivenStudio(await system.GivenPerson()));
        await joined.Join(own.Owner);
        await joined.Assign(await joined.GivenMember("trainer"), own.Owner);
        var person = await held.Take(own.Owner, "gym_owner");
        await held.SetRoles(held.Owner, "client");

        var problem = await (await person.Post("/users/me/erase", Proof(person))).ShouldBeProblem(HttpStatusCode.Conflict, "erasure.last_owner");

        Assert.Equal(held.Id, Assert.Single(problem.GetProperty("studios").EnumerateArray()).GetProperty("id").GetGuid());
        (await IdentityDb.Count("SELECT COUNT(*) FROM memberships_rows WHERE owner_id = @Person", ("Person", person.Id))).ShouldBe(3);
        (await IdentityDb.Count("SELECT COUNT(*) FROM coachings_rows WHERE client_id = @Person", ("Person", person.Id))).ShouldBe(1);
        (await IdentityDb.Count("SELECT COUNT(*) FROM studios_rows WHERE tenant_id = @Studio AND is_active = 1", ("Studio", own.Id))).ShouldBe(1);
        Assert.Empty(await Roles.Events("studio.updated", own.Id));
        (await person.Get("/users/me")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task AnOwnerWhoseAccountIsClosedIsStillTheLastOne()
    {
        var studio = await system.GivenStudio(await system.GivenPerson());
        var client = await studio.GivenMember("client");
        var admin = await system.GivenPerson("admin");
        (await admin.Post($"/users/{studio.Owner.Id}/deactivate")).ShouldBe(HttpStatusCode.NoContent);

        await (await admin.Post($"/users/{studio.Owner.Id}/erase")).ShouldBeProblem(HttpStatusCode.Conflict, "erasure.last_owner");

        (await admin.Send(HttpMethod.Put, $"/studios/{studio.Id}/members/{client.Id}", new { roles = new[] { "gym_owner" } }, studio.Id)).ShouldBe(HttpStatusCode.OK);
        (await admin.Post($"/users/{studio.Owner.Id}/erase")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task AStudioWithNobodyElseCloses()
    {
        var studio = await system.GivenStudio(await system.GivenPerson());

        (await studio.Owner.Post("/users/me/erase", Proof(studio.Owner))).ShouldBe(HttpStatusCode.OK);

        (await IdentityDb.Count("SELECT COUNT(*) FROM studios_rows WHERE tenant_id = @Studio AND is_active = 0", ("Studio", studio.Id))).ShouldBe(1);
        Assert.Contains("\"is_active\":false", Assert.Single(await Roles.Events("studio.updated", studio.Id)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OfTwoOwnersWhoGoAtOnceOneStaysWithTheMembers()
    {
        var studio = await system.GivenStudio(await system.GivenPerson());
        var other = await studio.GivenMember("gym_owner");
        await studio.GivenMember("client");

        var answers = await Task.WhenAll(new[] { studio.Owner, other }.Select(owner => owner.Post("/users/me/erase", Proof(owner))));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task ManyAtOnceEraseOnce()
    {
        var ada = await system.GivenPerson();
        var admin = await system.GivenPerson("admin");

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => admin.Post($"/users/{ada.Id}/erase")));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.Single(await Roles.Events("user.erased", ada.Id));
        (await IdentityDb.Count("SELECT COUNT(*) FROM audit_log WHERE kind = 'erased' AND subject_id = @Id AND actor_id = @Admin", ("Id", ada.Id), ("Admin", admin.Id))).ShouldBe(1);
    }

    [Theory]
    [InlineData("client")]
    [InlineData("trainer")]
    [InlineData("gym_owner")]
    public async Task OthersAreErasedByAdminsOnly(string role)
    {
        var ada = await system.GivenPerson();
        var eve = await system.GivenPerson(role);

        await (await eve.Post($"/users/{ada.Id}/erase")).ShouldBeProblem(HttpStatusCode.Forbidden, "auth.forbidden");
    }

    /// What is on its way or swept by itself: told events and their handling, refused tokens.
    private static bool IsNotTransient(string column) => column.Split('.')[0] is not ("denials" or "inbox_versions" or "inbox_retries");

    /// Every column of every table that holds this text, as text or as bytes.
    private static Task<List<string>> Holding(string text) => Search("INSTR(LOWER(CONVERT({0} USING utf8mb4)), LOWER(@Needle)) > 0 OR INSTR(HEX({0}), HEX(@Needle)) > 0", text);

    private static Task<List<string>> Naming(Guid id) => Search("{0} = @Needle", id, "data_type = 'binary' AND character_maximum_length = 16");

    private static async Task<List<string>> Search(string condition, object needle, string columns = "data_type NOT IN ('datetime', 'int', 'bigint', 'tinyint', 'smallint', 'decimal')")
    {
        var found = new List<string>();
        foreach (var column in await IdentityDb.Read<string>(
            $"""
            SELECT CONCAT(c.table_name, '.', c.column_name)
            FROM information_schema.columns c
            JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
            WHERE c.table_schema = 'identitydb' AND t.table_type = 'BASE TABLE' AND {columns}
            ORDER BY 1
            """))
        {
            var (table, name) = (column.Split('.')[0], column.Split('.')[1]);
            var where = string.Format(System.Globalization.CultureInfo.InvariantCulture, condition, $"`{name}`");
            if (await IdentityDb.Count($"SELECT COUNT(*) FROM `{table}` WHERE {where}", ("Needle", needle)) > 0) found.Add(column);
        }

        return found;
    }
}
