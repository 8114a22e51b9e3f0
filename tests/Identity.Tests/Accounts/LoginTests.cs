using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace FitFlow.Identity.Tests.Accounts;

public sealed class LoginTests(RunningSystem system)
{
    [Fact]
    public async Task AWrongPasswordAndAnUnknownAddressGetTheSameAnswer()
    {
        var known = (await system.GivenPerson()).Email;

        var answers = await Task.WhenAll(Login(known, "wrong horse battery"), Login(Story.NewEmail(), "wrong horse battery"));

        await Alike.ShouldBeTheSame(answers[0], answers[1]);
        var problem = await answers[0].ShouldBeProblem(HttpStatusCode.Unauthorized, "accounts.wrong_credentials");
        problem.GetProperty("detail").GetString().ShouldBe("The e-mail address or the password is not right, or the link in our letter was not followed yet.");
    }

    [Fact]
    public async Task AChangedTokenIsWorthNothing()
    {
        var person = await system.GivenPerson();
        using var http = (person with { Token = person.Token[..^4] + "AAAA" }).Http();

        await (await http.GetAsync("/api/v1/users/me")).ShouldBeProblem(HttpStatusCode.Unauthorized, "auth.token_invalid");
    }

    [Fact]
    public async Task EachOfTwoPeopleSeesThemselves()
    {
        var ada = await system.GivenPerson();
        var eve = await system.GivenPerson();

        (await ada.Me()).GetProperty("id").GetGuid().ShouldBe(ada.Id);
        (await eve.Me()).GetProperty("id").GetGuid().ShouldBe(eve.Id);
    }

    [Fact]
    public async Task AClosedAccountIsToldSoToWhoKnowsThePassword()
    {
        var person = await system.GivenPerson();
        await IdentityDb.Write("UPDATE users SET deactivated_at = UTC_TIMESTAMP(6) WHERE id = @person", ("person", person.Id));

        await (await Login(person.Email, person.Password)).ShouldBeProblem(HttpStatusCode.Forbidden, "accounts.deactivated");
        await (await Login(person.Email, "wrong horse battery")).ShouldBeProblem(HttpStatusCode.Unauthorized, "accounts.wrong_credentials");
    }

    [Fact]
    public async Task APasswordKeptAtALowerCostIsHashedAnew()
    {
        var person = await system.GivenPerson();
        var cheap = new PasswordHasher<object>(Options.Create(new PasswordHasherOptions { IterationCount = 10_000 })).HashPassword(new object(), person.Password);
        await IdentityDb.Write("UPDATE users SET password_hash = @cheap WHERE id = @person", ("cheap", cheap), ("person", person.Id));

        (await Login(person.Email, person.Password)).ShouldBe(HttpStatusCode.OK);

        var hash = Convert.FromBase64String((await IdentityDb.Read<string>("SELECT password_hash FROM users WHERE id = @person", ("person", person.Id)))[0]);
        Assert.Equal(210_000, System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(5)));
        Assert.Equal(2, System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(1))); // HMAC-SHA512
        (await Login(person.Email, person.Password)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("' OR 1=1 --")]
    [InlineData("\u0000\U0001F3CB %_ \u202E")]
    [InlineData("ada@example.org\r\nX-Injected: yes")]
    public async Task OddTextsAreJustWrong(string text)
    {
        await (await Login(text, text)).ShouldBeProblem(HttpStatusCode.Unauthorized, "accounts.wrong_credentials");
        await (await Login((await system.GivenPerson()).Email, text)).ShouldBeProblem(HttpStatusCode.Unauthorized, "accounts.wrong_credentials");
    }

    [Fact]
    public async Task TextsThatAreTooLongCostNoHash()
    {
        await (await Login(new string('a', 255), "wrong horse battery")).ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");
        await (await Login("ada@example.org", new string('a', 129))).ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");
    }

    private async Task<HttpResponseMessage> Login(string email, string password)
    {
        using var http = system.Anonymous();
        return await http.PostAsJsonAsync("/api/v1/auth/login", new { email, password });
    }
}
