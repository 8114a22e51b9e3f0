using System.Net;
using System.Text.Json;

namespace FitFlow.Identity.Tests.Audit;

public sealed class ListAuditTests(RunningSystem system)
{
    private static List<JsonElement> Entries(JsonElement page) => [.. page.GetProperty("data").EnumerateArray()];

    [Fact]
    public async Task AnOwnerReadsWhatHappenedInTheirStudioAndNothingOfAnother()
    {
        var studio = await system.GivenStudio();
        var elsewhere = await system.GivenStudio();
        var client = await studio.GivenMember("client");
        var eve = await system.GivenPerson();
        (await studio.Owner.Get($"/users/{client.Id}/client-profile", studio.Id)).ShouldBe(HttpStatusCode.OK);
        (await eve.Get($"/users/{client.Id}/client-profile", studio.Id)).ShouldBe(HttpStatusCode.Forbidden);
        await Eventually.Holds(async () => Entries(await (await studio.Owner.Get("/audit", studio.Id)).Read()).Count == 2, "the refusal has gone round");

        var entries = Entries(await (await studio.Owner.Get("/audit", studio.Id)).Read());
        var read = entries.Single(entry => entry.GetProperty("kind").GetString() == "sensitive_read");
        read.GetProperty("actor_id").GetGuid().ShouldBe(studio.Owner.Id);
        read.GetProperty("subject_id").GetGuid().ShouldBe(client.Id);
        Assert.Equal(["emergency_contact", "medical_info", "date_of_birth", "address"], read.GetProperty("fields").EnumerateArray().Select(field => field.GetString()));
        var refused = entries.Single(entry => entry.GetProperty("kind").GetString() == "access_denied");
        refused.GetProperty("actor_id").GetGuid().ShouldBe(eve.Id);
        refused.GetProperty("code").GetString().ShouldBe("studios.not_a_member");

        Assert.Empty(Entries(await (await elsewhere.Owner.Get("/audit", elsewhere.Id)).Read()));
        await (await elsewhere.Owner.Get("/audit", studio.Id)).ShouldBeProblem(HttpStatusCode.Forbidden, "studios.not_a_member");
        await (await studio.Owner.Get("/audit")).ShouldBeProblem(HttpStatusCode.BadRequest, "studios.header_invalid");
    }

    [Fact]
    public async Task AnAdminReadsAllOfItByPersonAndKindAndPageByPage()
    {
        var admin = await system.GivenPerson("admin");
        var ada = await system.GivenPerson();
        (await admin.Post($"/users/{ada.Id}/deactivate")).ShouldBe(HttpStatusCode.NoContent);
        (await admin.Post($"/users/{ada.Id}/reactivate")).ShouldBe(HttpStatusCode.NoContent);
        (await admin.Put($"/users/{ada.Id}/role", new { role = "trainer" })).ShouldBe(HttpStatusCode.NoContent);

        foreach (var person in new[] { ada.Id, admin.Id })
        {
            var first = await (await admin.Get($"/audit?person={person}&limit=2")).Read();
            var rest = await (await admin.Get($"/audit?person={person}&limit=2&cursor={first.GetProperty("next_cursor").GetString()}")).Read();
            Assert.Equal(
                ["role_changed", "reactivated", "deactivated"],
                Entries(first).Concat(Entries(rest)).Select(entry => entry.GetProperty("kind").GetString()));
            rest.GetProperty("next_cursor").ValueKind.ShouldBe(JsonValueKind.Null);
        }

        Entries(await (await admin.Get($"/audit?person={ada.Id}&kind=role_changed")).Read()).Count.ShouldBe(1);
        (await admin.Get("/audit?kind=role_changed&limit=1")).ShouldBe(HttpStatusCode.OK);
        await (await admin.Get($"/audit?kind={Uri.EscapeDataString("' OR 1=1 --")}")).ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");
    }

    [Theory]
    [InlineData("client")]
    [InlineData("trainer")]
    public async Task NobodyElseReadsIt(string role)
    {
        var studio = await system.GivenStudio();
        var person = await studio.GivenMember(role);

        await (await person.Get("/audit", studio.Id)).ShouldBeProblem(HttpStatusCode.Forbidden, "auth.forbidden");
    }

    [Fact]
    public async Task NotEvenTheServiceChangesOrDeletesIt()
    {
        Assert.Equal(["INSERT", "SELECT"], await IdentityDb.Read<string>(
            """
            SELECT privilege_type
            FROM information_schema.table_privileges
            WHERE table_schema = 'identitydb' AND table_name = 'audit_log' AND grantee = '''identitydb_service''@''%'''
            ORDER BY privilege_type
            """));
    }
}
