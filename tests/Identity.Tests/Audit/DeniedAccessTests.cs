using System.Net;

namespace FitFlow.Identity.Tests.Audit;

public sealed class DeniedAccessTests(RunningSystem system)
{
    [Fact]
    public async Task WhoKnocksAtAnothersStudioIsWrittenDownHoweverOftenTheyKnockOnceAMinute()
    {
        var eve = await system.GivenPerson();
        var admin = await system.GivenPerson("admin");
        var studio = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

        foreach (var _ in Enumerable.Range(0, 30))
        {
            await (await eve.Get($"/users/{admin.Id}/client-profile", studio)).ShouldBeProblem(HttpStatusCode.Forbidden, "studios.not_a_member");
        }

        // The minute may turn meanwhile.
        Assert.InRange(await Told(eve), 1, 2);
        await Eventually.Holds(async () => await Written(eve, studio) == await Told(eve), "what was told is in the audit");
    }

    [Fact]
    public async Task ARoleThatMayNotIsWrittenDownTooWithTheRouteAndNotWhatWasTried()
    {
        var eve = await system.GivenPerson();

        (await eve.Post($"/users/{eve.Id}/deactivate")).ShouldBe(HttpStatusCode.Forbidden);

        await Eventually.Holds(async () => await IdentityDb.Count(
            """
            SELECT COUNT(*)
            FROM audit_log
            WHERE actor_id = @Id AND kind = 'access_denied' AND code = 'auth.forbidden' AND service = 'identity'
              AND route = 'POST /api/v1/users/{id:guid}/deactivate'
            """, ("Id", eve.Id)) == 1);
        var told = Assert.Single(await IdentityDb.Read<string>(
            "SELECT payload FROM outbox WHERE type = 'access.denied' AND payload LIKE CONCAT('%', @Person, '%')", ("Person", eve.Id.ToString())));
        told[(told.IndexOf(',', StringComparison.Ordinal) + 1)..].ShouldBe(
            $$"""
            "user_id":"{{eve.Id}}","caller":null,"studio_id":null,"code":"auth.forbidden","service":"identity","method":"POST","route":"/api/v1/users/{id:guid}/deactivate"}
            """);
        Assert.StartsWith("{\"denial_id\":\"", told, StringComparison.Ordinal);
    }

    private static Task<long> Told(Person person) => IdentityDb.Count(
        "SELECT COUNT(*) FROM outbox WHERE type = 'access.denied' AND payload LIKE CONCAT('%', @Person, '%')", ("Person", person.Id.ToString()));

    private static Task<long> Written(Person person, Guid studio) => IdentityDb.Count(
        "SELECT COUNT(*) FROM audit_log WHERE actor_id = @Person AND studio_id = @Studio AND kind = 'access_denied'", ("Person", person.Id), ("Studio", studio));
}
