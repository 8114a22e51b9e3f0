using System.Diagnostics;
using System.Net;
using FitFlow.Identity.Tests.Services;
using MySql.Data.MySqlClient;

namespace FitFlow.Identity.Tests.Denials;

/// What is taken back is refused everywhere: at the gateway, and at Identity itself.
public sealed class DenialsTests(RunningSystem system, ITestOutputHelper output)
{
    [Fact]
    public async Task AChangedRoleRefusesOlderTokensEverywhereAndNotTheNextOne()
    {
        var admin = await system.GivenPerson("admin");
        var ada = await system.GivenPerson();
        var eve = await system.GivenPerson();
        await Admitted(ada);

        (await admin.Put($"/users/{ada.Id}/role", new { role = "trainer" })).ShouldBe(HttpStatusCode.NoContent);
        var started = Stopwatch.GetTimestamp();
        await RefusedEverywhere(ada);
        output.WriteLine($"refused everywhere after {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms");

        await Admitted(await system.SignIn(ada));
        await Admitted(eve);
    }

    [Fact]
    public async Task ATokenSignedRightAfterTheDenialIsTaken()
    {
        var admin = await system.GivenPerson("admin");
        var ada = await system.GivenPerson();

        foreach (var role in new[] { "trainer", "client", "gym_owner" })
        {
            var before = ada;
            (await admin.Put($"/users/{ada.Id}/role", new { role })).ShouldBe(HttpStatusCode.NoContent);
            ada = await system.SignIn(ada);
            await RefusedEverywhere(before);
            await Admitted(ada);
        }
    }

    [Fact]
    public async Task WhatNobodyWasToldOfIsFoundOut()
    {
        var ada = await system.GivenPerson();
        await Admitted(ada);

        await IdentityDb.Write("INSERT INTO denials (subject, signed_until) VALUES (@Id, UTC_TIMESTAMP(6))", ("Id", ada.Id));

        await RefusedEverywhere(ada);
    }

    [Fact]
    public async Task WhoeverCommitsLateIsNotOverlooked()
    {
        var late = await system.GivenPerson();
        var early = await system.GivenPerson();
        await using var connection = await IdentityDb.Open();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var insert = new MySqlCommand("INSERT INTO denials (subject, signed_until) VALUES (@Id, UTC_TIMESTAMP(6))", connection, transaction);
        insert.Parameters.AddWithValue("Id", late.Id.ToByteArray(bigEndian: true));
        await insert.ExecuteNonQueryAsync();

        // The one with the higher number is seen first.
        await IdentityDb.Write("INSERT INTO denials (subject, signed_until) VALUES (@Id, UTC_TIMESTAMP(6))", ("Id", early.Id));
        await RefusedEverywhere(early);
        await Admitted(late);
        await transaction.CommitAsync();

        await RefusedEverywhere(late);
    }

    [Fact]
    public async Task OnlyServicesAreToldWhatIsDenied()
    {
        var identity = system.Service("identity");
        var admin = await system.GivenPerson("admin");
        const string Path = "/internal/denials?since=0";

        await (await ServiceCalls.Get(identity, Path, token: null)).ShouldBeProblem(HttpStatusCode.Unauthorized, "auth.required");
        await (await ServiceCalls.Get(identity, Path, admin.Token)).ShouldBeProblem(HttpStatusCode.Forbidden, "auth.forbidden");
        await (await ServiceCalls.Get(system.Gateway, Path, await system.ServiceToken())).ShouldBeProblem(HttpStatusCode.NotFound, "not_found");
        await (await ServiceCalls.Get(system.Gateway, $"/api/v1{Path}", await system.ServiceToken())).ShouldBeProblem(HttpStatusCode.NotFound, "not_found");
        (await ServiceCalls.Get(identity, Path, await system.ServiceToken())).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task WhatWasDeniedIsSaidFromWhereOneLeftOff()
    {
        var token = await system.ServiceToken();
        var (first, second) = (NewId(), NewId());
        await Insert(first, minutesAgo: 10);
        var before = await Since(0);
        Assert.Contains(first, before.Subjects);

        await Insert(second, minutesAgo: 10);
        var after = await Since(before.Next);

        Assert.Contains(second, after.Subjects);
        Assert.DoesNotContain(first, after.Subjects);
        Assert.True(after.Next > before.Next);

        async Task<(List<Guid> Subjects, long Next)> Since(long seq)
        {
            var page = await (await ServiceCalls.Get(system.Service("identity"), $"/internal/denials?since={seq}", token)).Read();
            return ([.. page.GetProperty("data").EnumerateArray().Select(denied => denied.GetProperty("subject").GetGuid())], page.GetProperty("next").GetInt64());
        }
    }

    [Fact]
    public async Task WhatIsAboutNothingAnyMoreIsTakenAway()
    {
        var (old, young) = (NewId(), NewId());
        await Insert(young, minutesAgo: 14);
        await Insert(old, minutesAgo: 17);

        await Eventually.Holds(async () => await Count(old) == 0, "it is gone");

        (await Count(young)).ShouldBe(1);

        static Task<long> Count(Guid subject) => IdentityDb.Count("SELECT COUNT(*) FROM denials WHERE subject = @Id", ("Id", subject));
    }

    private static Guid NewId() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    private static Task Insert(Guid subject, int minutesAgo) => IdentityDb.Write(
        "INSERT INTO denials (subject, signed_until) VALUES (@Id, UTC_TIMESTAMP(6) - INTERVAL @Minutes MINUTE)", ("Id", subject), ("Minutes", minutesAgo));

    private async Task Admitted(Person person)
    {
        foreach (var service in new[] { system.Gateway, system.Service("identity") })
            (await ServiceCalls.Get(service, "/api/v1/users/me", person.Token)).ShouldBe(HttpStatusCode.OK);
    }

    private async Task RefusedEverywhere(Person person)
    {
        foreach (var service in new[] { system.Gateway, system.Service("identity") })
        {
            await Eventually.Holds(async () => (await ServiceCalls.Get(service, "/api/v1/users/me", person.Token)).StatusCode == HttpStatusCode.Unauthorized, $"{service} refuses it");
            await (await ServiceCalls.Get(service, "/api/v1/users/me", person.Token)).ShouldBeProblem(HttpStatusCode.Unauthorized, "auth.token_revoked");
        }
    }
}
