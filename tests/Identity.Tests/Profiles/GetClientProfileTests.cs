using System.Net;

namespace FitFlow.Identity.Tests.Profiles;

public sealed class GetClientProfileTests(RunningSystem system)
{
    private const string AllFields = "emergency_contact,medical_info,date_of_birth,address";

    private static async Task<Person> GivenClient(Studio studio)
    {
        var client = await studio.GivenMember("client");
        (await client.Put("/users/me/client-profile", MyClientProfileTests.Whole())).ShouldBe(HttpStatusCode.OK);
        return client;
    }

    [Fact]
    public async Task CoachOwnerAndAdminReadItAndEachReadIsWrittenDown()
    {
        var studio = await system.GivenStudio();
        var client = await GivenClient(studio);
        var coach = await studio.GivenMember("trainer");
        var admin = await system.GivenPerson("admin");
        await studio.Coaches(coach, client);

        foreach (var reader in new[] { coach, studio.Owner, admin })
        {
            var answer = await reader.Get($"/users/{client.Id}/client-profile", studio.Id);

            answer.ShouldBe(HttpStatusCode.OK);
            Assert.True(answer.Headers.CacheControl?.NoStore);
            (await answer.Read()).GetProperty("medical_info").GetString().ShouldBe("Peanuts, and a knee from 2019");
            (await IdentityDb.Count(
                """
                SELECT COUNT(*)
                FROM audit_log
                WHERE kind = 'sensitive_read' AND actor_id = @Reader AND subject_id = @Client AND studio_id = @Studio AND fields = @Fields
                  AND route = 'GET /api/v1/users/{id:guid}/client-profile' AND correlation_id = @Correlation
                """,
                ("Reader", reader.Id), ("Client", client.Id), ("Studio", studio.Id), ("Fields", AllFields),
                ("Correlation", answer.Headers.GetValues("X-Correlation-Id").Single()))).ShouldBe(1);
        }
    }

    [Fact]
    public async Task NobodyElseDoesAndNothingIsWrittenDown()
    {
        var studio = await system.GivenStudio();
        var client = await GivenClient(studio);
        var colleague = await studio.GivenMember("trainer");
        var elsewhere = await system.GivenStudio();
        var admin = await system.GivenPerson("admin");

        await (await colleague.Get($"/users/{client.Id}/client-profile", studio.Id)).ShouldBeProblem(HttpStatusCode.NotFound, "users.unknown");
        await (await elsewhere.Owner.Get($"/users/{client.Id}/client-profile", elsewhere.Id)).ShouldBeProblem(HttpStatusCode.NotFound, "users.unknown");
        await (await elsewhere.Owner.Get($"/users/{client.Id}/client-profile", studio.Id)).ShouldBeProblem(HttpStatusCode.Forbidden, "studios.not_a_member");
        await (await admin.Get($"/users/{client.Id}/client-profile", elsewhere.Id)).ShouldBeProblem(HttpStatusCode.NotFound, "users.unknown");
        await (await client.Get($"/users/{client.Id}/client-profile", studio.Id)).ShouldBeProblem(HttpStatusCode.Forbidden, "auth.forbidden");
        await (await studio.Owner.Get($"/users/{client.Id}/client-profile")).ShouldBeProblem(HttpStatusCode.BadRequest, "studios.header_invalid");

        (await IdentityDb.Count("SELECT COUNT(*) FROM audit_log WHERE subject_id = @Client", ("Client", client.Id))).ShouldBe(0);
    }

    [Fact]
    public async Task WhatCannotBeWrittenDownIsNotShown()
    {
        var studio = await system.GivenStudio();
        var client = await GivenClient(studio);
        await IdentityDb.Write(
            $"CREATE TRIGGER refuse_{client.Id:N} BEFORE INSERT ON audit_log FOR EACH ROW IF NEW.subject_id = X'{client.Id:N}' THEN SIGNAL SQLSTATE '45000'; END IF");
        try
        {
            var answer = await studio.Owner.Get($"/users/{client.Id}/client-profile", studio.Id);

            await answer.ShouldBeProblem(HttpStatusCode.InternalServerError, "internal_error");
            Assert.DoesNotContain("Peanuts", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        finally
        {
            await IdentityDb.Write($"DROP TRIGGER refuse_{client.Id:N}");
        }
    }

    [Fact]
    public async Task TheEmergencyContactInTheRoleInfoIsForThoseWhoMayReadItAndWrittenDown()
    {
        var studio = await system.GivenStudio();
        var client = await GivenClient(studio);
        var coach = await studio.GivenMember("trainer");
        await studio.Coaches(coach, client);

        var info = await (await coach.Get($"/users/{client.Id}/role-info?role=client")).Read();

        info.GetProperty("health_clearance").GetBoolean().ShouldBe(true);
        info.GetProperty("fitness_level").GetString().ShouldBe("intermediate");
        info.GetProperty("emergency_contact").GetProperty("name").GetString().ShouldBe("Annabella Milbanke");
        (await IdentityDb.Count(
            "SELECT COUNT(*) FROM audit_log WHERE kind = 'sensitive_read' AND actor_id = @Coach AND subject_id = @Client AND fields = 'emergency_contact' AND studio_id = @Studio",
            ("Coach", coach.Id), ("Client", client.Id), ("Studio", studio.Id))).ShouldBe(1);

        var colleague = await studio.GivenMember("trainer");
        await (await colleague.Get($"/users/{client.Id}/role-info?role=client")).ShouldBeProblem(HttpStatusCode.NotFound, "users.unknown");
        await (await client.Get($"/users/{coach.Id}/role-info?role=client")).ShouldBeProblem(HttpStatusCode.NotFound, "users.unknown");
        (await client.Get($"/users/{coach.Id}/role-info?role=trainer")).ShouldBe(HttpStatusCode.OK);
        await (await client.Get($"/users/{coach.Id}/role-info?role=admin")).ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");
    }

    [Fact]
    public async Task AnAdminSeesNoEmergencyContactInTheRoleInfoAndThePersonDoes()
    {
        var client = await GivenClient(await system.GivenStudio());
        var admin = await system.GivenPerson("admin");

        var info = await (await admin.Get($"/users/{client.Id}/role-info?role=client")).Read();

        info.GetProperty("fitness_level").GetString().ShouldBe("intermediate");
        Assert.False(info.TryGetProperty("emergency_contact", out _));
        (await IdentityDb.Count("SELECT COUNT(*) FROM audit_log WHERE subject_id = @Client", ("Client", client.Id))).ShouldBe(0);
        Assert.True((await (await client.Get($"/users/{client.Id}/role-info?role=client")).Read()).TryGetProperty("emergency_contact", out _));
    }
}
