using System.Net;
using System.Text.Json;
using FitFlow.Identity.Tests.Studios;

namespace FitFlow.Identity.Tests.Invitations;

public sealed class InvitationTests(RunningSystem system)
{
    [Fact]
    public async Task WhoIsInvitedGetsALetterAndComesInOnce()
    {
        var studio = await system.GivenStudio();
        var person = await system.GivenPerson();

        var invitation = await Invite(studio, $" {person.Email.ToUpperInvariant()} ", "trainer", "client").ShouldBe(HttpStatusCode.Created);
        invitation.GetProperty("email").GetString().ShouldBe(person.Email);
        var letter = await system.LetterTo(person.Email);
        Assert.Contains("Iron & Silk", letter.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(letter.Token, invitation.ToString(), StringComparison.Ordinal);
        Assert.Single(await studio.All("/invitations"));

        var joined = await Accept(person, letter.Token).ShouldBeOk();

        joined.GetProperty("studio_id").GetGuid().ShouldBe(studio.Id);
        Assert.Equal(["trainer", "client"], joined.Roles());
        Assert.Equal(["trainer", "client"], await studio.RolesOf(person));
        Assert.Equal(["trainer,client"], await studio.Changes(person));
        Assert.Empty(await studio.All("/invitations"));
        await Accept(person, letter.Token).ShouldBeProblem(HttpStatusCode.NotFound, "invitations.unknown");
        await studio.Get("/clients", await person.Renewed()).ShouldBeOk();
    }

    [Fact]
    public async Task AcceptedManyTimesAtOnceItCountsOnce()
    {
        var studio = await system.GivenStudio();
        var person = await system.GivenPerson();
        var token = await Token(studio, person, "client");

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Accept(person, token)));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.Equal(4, answers.Count(answer => answer.StatusCode == HttpStatusCode.NotFound));
        Assert.Equal(["client"], await studio.Changes(person));
    }

    [Fact]
    public async Task AMemberGetsTheRolesInAddition()
    {
        var studio = await system.GivenStudio();
        var client = await studio.GivenMember("client");

        var joined = await Accept(client, await Token(studio, client, "trainer")).ShouldBeOk();

        Assert.Equal(["trainer", "client"], joined.Roles());
        Assert.Equal(["client", "trainer,client"], await studio.Changes(client));
    }

    [Fact]
    public async Task WhoHasAnotherAddressDoesNotComeInByIt()
    {
        var studio = await system.GivenStudio();
        var (invited, other) = (await system.GivenPerson(), await system.GivenPerson());
        var token = await Token(studio, invited, "gym_owner");

        await Accept(other, token).ShouldBeProblem(HttpStatusCode.Conflict, "invitations.other_address");

        Assert.Empty(await studio.RolesOf(other));
        await Accept(invited, token).ShouldBeOk();
    }

    [Fact]
    public async Task AnAddressWithoutAnAccountGetsTheSameAnswer()
    {
        var studio = await system.GivenStudio();
        var (known, unknown) = ((await system.GivenPerson()).Email, Story.NewEmail());

        var answers = new List<string>();
        foreach (var email in new[] { known, unknown })
        {
            var answer = await Invite(studio, email, "client").ShouldBe(HttpStatusCode.Created);
            answers.Add(string.Join(',', answer.EnumerateObject().Select(field => $"{field.Name}:{field.Value.ValueKind}")));
            (await system.LetterTo(email)).Subject.ShouldBe("A studio invites you to FitFlow");
        }

        answers[0].ShouldBe(answers[1]);
    }

    [Fact]
    public async Task ALetterIsInTheLanguageOfWhoReadsIt()
    {
        var studio = await system.GivenStudio();
        var person = await system.GivenPerson();
        await IdentityDb.Write("UPDATE users SET language = 'fr' WHERE id = @Person", ("Person", person.Id));

        await Invite(studio, person.Email, "gym_owner").ShouldBe(HttpStatusCode.Created);

        var letter = await system.LetterTo(person.Email);
        letter.Subject.ShouldBe("Un studio vous invite sur FitFlow");
        Assert.Contains("propriétaire", letter.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InvitingAgainReplacesAndRevokingEnds()
    {
        var studio = await system.GivenStudio();
        var person = await system.GivenPerson();
        var first = await Token(studio, person, "gym_owner");
        var second = await Token(studio, person, "client");

        await Accept(person, first).ShouldBeProblem(HttpStatusCode.NotFound, "invitations.unknown");
        var waiting = Assert.Single(await studio.All("/invitations"));
        Assert.Equal(["client"], waiting.Roles());
        var id = waiting.GetProperty("id").GetGuid();
        (await studio.Delete($"/invitations/{id}")).ShouldBe(HttpStatusCode.NoContent);
        await studio.Delete($"/invitations/{id}").ShouldBeProblem(HttpStatusCode.NotFound, "invitations.unknown");
        await Accept(person, second).ShouldBeProblem(HttpStatusCode.NotFound, "invitations.unknown");
    }

    [Fact]
    public async Task AnExpiredInvitationIsAsUnknownAsOneThatNeverWas()
    {
        var studio = await system.GivenStudio();
        var person = await system.GivenPerson();
        var token = await Token(studio, person, "client");
        await IdentityDb.Write("UPDATE invitations_rows SET expires_at = UTC_TIMESTAMP(6) WHERE tenant_id = @Studio", ("Studio", studio.Id));

        var expired = await Accept(person, token).ShouldBeProblem(HttpStatusCode.NotFound, "invitations.unknown");
        var unknown = await Accept(person, $"{studio.Id:N}{new string('A', 43)}").ShouldBeProblem(HttpStatusCode.NotFound, "invitations.unknown");

        expired.GetProperty("detail").GetString().ShouldBe(unknown.GetProperty("detail").GetString());
        Assert.Empty(await studio.All("/invitations"));
    }

    [Fact]
    public async Task ATrainerInvitesClientsWhomTheyCoachAndNobodyElse()
    {
        var studio = await system.GivenStudio();
        var (trainer, other, person) = (await studio.GivenMember("trainer"), await studio.GivenMember("trainer"), await system.GivenPerson());
        await Token(studio, await system.GivenPerson(), "client");

        await Invite(studio, person.Email, trainer, "trainer").ShouldBeProblem(HttpStatusCode.Forbidden, "members.not_an_owner");
        await Invite(studio, person.Email, trainer, "client", "gym_owner").ShouldBeProblem(HttpStatusCode.Forbidden, "members.not_an_owner");
        var sent = await Invite(studio, person.Email, trainer, "client").ShouldBe(HttpStatusCode.Created);
        var token = (await system.LetterTo(person.Email)).Token;
        Assert.Single(await studio.All("/invitations", trainer));
        Assert.Empty(await studio.All("/invitations", other));
        await studio.Delete($"/invitations/{sent.GetProperty("id").GetGuid()}", other).ShouldBeProblem(HttpStatusCode.NotFound, "invitations.unknown");

        await Accept(person, token).ShouldBeOk();

        Assert.Equal([person.Id], (await studio.All("/clients", trainer)).Select(client => client.GetProperty("user_id").GetGuid()));
    }

    [Fact]
    public async Task AClientInvitesNobody()
    {
        var studio = await system.GivenStudio();
        var client = await studio.GivenMember("client");

        await Invite(studio, Story.NewEmail(), client, "client").ShouldBeProblem(HttpStatusCode.Forbidden, "auth.forbidden");
        await studio.Get("/invitations", client).ShouldBeProblem(HttpStatusCode.Forbidden, "auth.forbidden");
    }

    [Fact]
    public async Task WhatSomebodyMayNotHandOutAnyMoreTheyHaveNotHandedOut()
    {
        var studio = await system.GivenStudio();
        var second = await studio.GivenMember("gym_owner");
        var (friend, client) = (await system.GivenPerson(), await system.GivenPerson());
        await Invite(studio, friend.Email, second, "gym_owner").ShouldBe(HttpStatusCode.Created);
        await Invite(studio, client.Email, second, "client").ShouldBe(HttpStatusCode.Created);

        await studio.SetRoles(second, "trainer");

        await Accept(friend, (await system.LetterTo(friend.Email)).Token).ShouldBeProblem(HttpStatusCode.NotFound, "invitations.unknown");
        await Accept(client, (await system.LetterTo(client.Email)).Token).ShouldBeOk();
    }

    [Theory]
    [InlineData("nobody", """["client"]""", "email")]
    [InlineData("a@example.org, b@example.org", """["client"]""", "email")]
    [InlineData("a@example.org\r\nBcc: b@example.org", """["client"]""", "email")]
    [InlineData("ada@example.org", """["admin"]""", "roles")]
    [InlineData("ada@example.org", """[]""", "roles")]
    public async Task WhatIsWrongIsNamed(string email, string roles, string field)
    {
        var studio = await system.GivenStudio();

        var problem = await studio.Post("/invitations", new { email, roles = JsonDocument.Parse(roles).RootElement }).ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");

        Assert.Equal([field], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task AnAddressIsNotFloodedAndAStudioNotFull()
    {
        var studio = await system.GivenStudio();
        var email = Story.NewEmail();
        foreach (var _ in Enumerable.Range(0, 5)) await Invite(studio, email, "client").ShouldBe(HttpStatusCode.Created);
        await Invite(studio, email, "client").ShouldBeProblem(HttpStatusCode.TooManyRequests, "invitations.too_often");
        Assert.Single(await studio.All("/invitations"));

        await IdentityDb.Write(
            """
            INSERT INTO invitations_rows (tenant_id, id, email, roles, token_hash, invited_by, created_at, expires_at)
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 199)
            SELECT @Studio, UNHEX(LPAD(HEX(i), 32, '0')), CONCAT(i, '@example.org'), 'client', UNHEX(LPAD(HEX(i), 64, '0')), @Owner, UTC_TIMESTAMP(6),
                   UTC_TIMESTAMP(6) + INTERVAL 1 DAY
            FROM n
            """, ("Studio", studio.Id), ("Owner", studio.Owner.Id));
        var full = await Invite(studio, Story.NewEmail(), "client").ShouldBeProblem(HttpStatusCode.Conflict, "invitations.too_many");
        full.GetProperty("limit").GetInt32().ShouldBe(200);
    }

    [Fact]
    public async Task NobodyIsInvitedToAClosedStudio()
    {
        var studio = await system.GivenStudio();
        var person = await system.GivenPerson();
        var token = await Token(studio, person, "client");
        var closed = EditStudioTests.Edited(1);
        closed["is_active"] = false;
        await studio.Put("", closed).ShouldBeOk();

        await Invite(studio, Story.NewEmail(), "client").ShouldBeProblem(HttpStatusCode.Conflict, "studios.inactive");
        await Accept(person, token).ShouldBeProblem(HttpStatusCode.Conflict, "studios.inactive");
    }

    private static Task<HttpResponseMessage> Invite(Studio studio, string email, params string[] roles) => Invite(studio, email, studio.Owner, roles);

    private static Task<HttpResponseMessage> Invite(Studio studio, string email, Person by, params string[] roles) => studio.Post("/invitations", new { email, roles }, by);

    private static Task<HttpResponseMessage> Accept(Person person, string token) => person.Post("/invitations/accept", new { token });

    private async Task<string> Token(Studio studio, Person person, params string[] roles)
    {
        await Invite(studio, person.Email, roles).ShouldBe(HttpStatusCode.Created);
        return (await system.LetterTo(person.Email)).Token;
    }
}
