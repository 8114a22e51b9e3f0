using System.Net;
using System.Net.Http.Json;

namespace FitFlow.Identity.Tests.Accounts;

public sealed class LoginTests(RunningSystem system)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AWrongPasswordAndAnUnknownAddressGetTheSameAnswer(bool isKnown)
    {
        var email = isKnown ? (await system.GivenPerson()).Email : "nobody@example.org";
        using var http = system.Anonymous();

        var answer = await http.PostAsJsonAsync("/api/v1/auth/login", new { email, password = "wrong horse battery" });

        var problem = await answer.ShouldBeProblem(HttpStatusCode.Unauthorized, "accounts.wrong_credentials");
        problem.GetProperty("detail").GetString().ShouldBe("The e-mail address or the password is not right.");
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
}
