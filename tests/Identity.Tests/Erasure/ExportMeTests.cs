using System.Net;

namespace FitFlow.Identity.Tests.Erasure;

public sealed class ExportMeTests(RunningSystem system)
{
    [Fact]
    public async Task ItIsEverythingThatIdentityHolds()
    {
        var studio = await system.GivenStudio();
        var ada = await studio.GivenMember("trainer", "client");
        var client = await studio.GivenMember("client");
        await studio.Coaches(ada, client);
        (await ada.Put("/users/me/client-profile", Profiles.MyClientProfileTests.Whole("Peanuts"))).ShouldBe(HttpStatusCode.OK);
        (await ada.Put("/users/me/trainer-profile", new { certifications = new[] { "CPT" }, specializations = Array.Empty<string>() })).ShouldBe(HttpStatusCode.OK);
        (await studio.Owner.Get($"/users/{ada.Id}/client-profile", studio.Id)).ShouldBe(HttpStatusCode.OK);

        var answer = await ada.Post("/users/me/export", new { password = ada.Password });

        answer.ShouldBe(HttpStatusCode.OK);
        Assert.True(answer.Headers.CacheControl?.NoStore);
        var export = await answer.Read();
        export.GetProperty("format").GetString().ShouldBe("fitflow.identity.export/1");
        export.GetProperty("account").GetProperty("email").GetString().ShouldBe(ada.Email);
        export.GetProperty("client_profile").GetProperty("medical_info").GetString().ShouldBe("Peanuts");
        export.GetProperty("trainer_profile").GetProperty("certifications")[0].GetString().ShouldBe("CPT");
        var membership = Assert.Single(export.GetProperty("memberships").EnumerateArray());
        membership.GetProperty("studio_id").GetGuid().ShouldBe(studio.Id);
        Assert.Equal(["trainer", "client"], membership.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        var coaching = Assert.Single(export.GetProperty("coachings").EnumerateArray());
        coaching.GetProperty("client_id").GetGuid().ShouldBe(client.Id);
        Assert.NotEmpty(export.GetProperty("sessions").EnumerateArray());
        var read = export.GetProperty("who_read_my_data").EnumerateArray().Single(entry => entry.GetProperty("kind").GetString() == "sensitive_read");
        read.GetProperty("actor_id").GetGuid().ShouldBe(studio.Owner.Id);
        Assert.DoesNotContain("password_hash", export.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATokenAloneIsNotEnough()
    {
        var ada = await system.GivenPerson();

        await (await ada.Post("/users/me/export", new { password = "wrong horse battery" })).ShouldBeProblem(HttpStatusCode.Forbidden, "accounts.wrong_password");
        await (await ada.Post("/users/me/export", new { password = new string('x', 129) })).ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");
    }
}
