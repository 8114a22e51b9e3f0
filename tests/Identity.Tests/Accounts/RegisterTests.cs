using System.Net;
using System.Net.Http.Json;

namespace FitFlow.Identity.Tests.Accounts;

public sealed class RegisterTests(RunningSystem system)
{
    private const string Password = "correct horse battery";

    [Fact]
    public async Task TheLetterOpensTheAccount()
    {
        var email = Story.NewEmail();
        (await Register(Somebody(email))).ShouldBe(HttpStatusCode.Accepted);
        await (await Login(email)).ShouldBeProblem(HttpStatusCode.Unauthorized, "accounts.wrong_credentials");

        var letter = await system.LetterTo(email);
        letter.Subject.ShouldBe("Confirm your e-mail address");
        (await Verify(letter.Token)).ShouldBe(HttpStatusCode.NoContent);

        (await Login(email)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task ALetterIsInTheLanguageThatWasAskedFor()
    {
        var email = Story.NewEmail();

        await Register(new { email, password = Password, first_name = "Zoé", last_name = "Byron", language = "fr" });

        (await system.LetterTo(email)).Subject.ShouldBe("Confirmez votre adresse e-mail");
    }

    [Fact]
    public async Task TheAnswerDoesNotSayWhetherTheAddressIsTakenAndTheLetterDoes()
    {
        var person = await system.GivenPerson();

        var free = await Register(Somebody(Story.NewEmail()));
        var taken = await Register(Somebody(person.Email));

        await Alike.ShouldBeTheSame(free, taken);
        taken.ShouldBe(HttpStatusCode.Accepted);
        (await taken.Content.ReadAsStringAsync()).ShouldBe("{}");
        (await system.LetterTo(person.Email)).Subject.ShouldBe("You already have a FitFlow account");
        (await Login(person.Email)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task AnAddressHasOneAccountHoweverItIsSpelled()
    {
        var email = Story.NewEmail();

        (await Register(Somebody(email))).ShouldBe(HttpStatusCode.Accepted);
        (await Register(Somebody($" {email.ToUpperInvariant()} "))).ShouldBe(HttpStatusCode.Accepted);

        Assert.Equal(1, await IdentityDb.Count("SELECT COUNT(*) FROM users WHERE LOWER(email) = @email", ("email", email)));
    }

    [Fact]
    public async Task OfManyWhoWantOneAddressAtOnceThereIsOneAccountAndOneEvent()
    {
        var email = Story.NewEmail();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Register(Somebody(email))));

        Assert.All(answers, answer => answer.ShouldBe(HttpStatusCode.Accepted));
        Assert.Equal(1, await IdentityDb.Count("SELECT COUNT(*) FROM users WHERE email = @email", ("email", email)));
        Assert.Equal(1, await IdentityDb.Count(
            "SELECT COUNT(*) FROM outbox o JOIN users u ON u.id = o.aggregate_id WHERE o.type = 'user.registered' AND u.email = @email", ("email", email)));
    }

    [Fact]
    public async Task WhoReadsTheMailDecidesWhoseAccountItIs()
    {
        var email = Story.NewEmail();
        await Register(Somebody(email, "the password of a squatter"));
        var first = await system.LetterTo(email);
        await Register(Somebody(email, "the password of the owner"));
        var second = await system.LetterTo(email);

        (await Verify(second.Token, "the password of the owner")).ShouldBe(HttpStatusCode.NoContent);

        await (await Login(email, "the password of a squatter")).ShouldBeProblem(HttpStatusCode.Unauthorized, "accounts.wrong_credentials");
        (await Login(email, "the password of the owner")).ShouldBe(HttpStatusCode.OK);
        await (await Verify(first.Token)).ShouldBeProblem(HttpStatusCode.BadRequest, "accounts.token_invalid");
    }

    [Fact]
    public async Task NobodysMailboxIsFilled()
    {
        var email = Story.NewEmail();

        for (var i = 0; i < 8; i++) (await Register(Somebody(email))).ShouldBe(HttpStatusCode.Accepted);

        await Eventually.Holds(async () => await system.LettersTo(email) == 5);
        await Eventually.Holds(async () => await IdentityDb.Count("SELECT COUNT(*) FROM letters WHERE due_at IS NOT NULL") == 0);
        Assert.Equal(5, await system.LettersTo(email));
    }

    [Theory]
    [InlineData("no address", Password, "email")]
    [InlineData("ada@localhost", Password, "email")]
    [InlineData("\"x\" <ada@example.org>", Password, "email")]
    [InlineData("ada@example.org, eve@example.org", Password, "email")]
    [InlineData("ada@example.org\r\nBcc: eve@example.org", Password, "email")]
    [InlineData("ada(comment)@example.org", Password, "email")]
    [InlineData("ada\u200b@example.org", Password, "email")]
    [InlineData("ada@[127.0.0.1]", Password, "email")]
    [InlineData("ada@example.org", "short", "password")]
    public async Task EveryFieldThatIsWrongIsNamed(string email, string password, string field)
    {
        var problem = await (await Register(Somebody(email, password))).ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");

        Assert.Equal([field], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Theory]
    [InlineData("email")]
    [InlineData("password")]
    [InlineData("first_name")]
    [InlineData("last_name")]
    [InlineData("language")]
    public async Task NoFieldTakesMoreThanItKeeps(string field)
    {
        var body = new Dictionary<string, string>
        {
            ["email"] = Story.NewEmail(),
            ["password"] = Password,
            ["first_name"] = "Ada",
            ["last_name"] = "Byron",
            [field] = field == "email" ? $"{new string('a', 300)}@example.org" : new string('a', 200_000),
        };

        await (await Register(body)).ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");
    }

    [Theory]
    [InlineData("qwerty12345")]
    [InlineData("Password1234")]
    [InlineData("aaaaaaaaaaaa")]
    [InlineData("my-lovelace-secret")]
    public async Task WhatAnybodyWouldTryFirstIsNoPassword(string password) => await (await Register(Somebody("lovelace@example.org", password)))
        .ShouldBeProblem(HttpStatusCode.BadRequest, "accounts.weak_password");

    [Fact]
    public async Task NobodyMakesThemselvesAdmin()
    {
        var email = Story.NewEmail();

        await Register(new
        {
            email,
            password = Password,
            first_name = "Eve",
            last_name = "Moore",
            role = "admin",
            id = Guid.Empty,
            email_verified_at = "2026-01-01T00:00:00Z",
            emailVerifiedAt = "2026-01-01T00:00:00Z",
        });

        await (await Login(email)).ShouldBeProblem(HttpStatusCode.Unauthorized, "accounts.wrong_credentials");
        Assert.Equal(1, await IdentityDb.Count("SELECT COUNT(*) FROM users WHERE email = @email AND role = 'client'", ("email", email)));
    }

    [Theory]
    [InlineData("'; DROP TABLE users; --")]
    [InlineData("Zoë \U0001F3CB \\ \" ` %_")]
    [InlineData("\u202Eevil\u0000\u0007")]
    public async Task ANameIsKeptToTheLetter(string name)
    {
        var email = Story.NewEmail();

        await Register(new { email, password = Password, first_name = name, last_name = name });
        await Verify((await system.LetterTo(email)).Token);

        var login = await Login(email);
        login.ShouldBe(HttpStatusCode.OK);
        (await login.Read()).GetProperty("user").GetProperty("first_name").GetString().ShouldBe(name);
    }

    [Fact]
    public async Task HalfACharacterIsNoText()
    {
        using var http = system.Anonymous();
        using var body = new StringContent(
            """{"email":"ada@example.org","password":"correct horse battery","first_name":"\ud800","last_name":"Byron"}""", System.Text.Encoding.UTF8, "application/json");

        (await http.PostAsync("/api/v1/auth/register", body)).ShouldBe(HttpStatusCode.BadRequest);
    }

    private static object Somebody(string email, string password = Password) => new { email, password, first_name = "Ada", last_name = "Byron" };

    private Task<HttpResponseMessage> Register(object body) => Post("register", body);

    private Task<HttpResponseMessage> Verify(string token, string password = Password) => Post("verify-email", new { token, password });

    private Task<HttpResponseMessage> Login(string email, string password = Password) => Post("login", new { email, password });

    private async Task<HttpResponseMessage> Post(string what, object body)
    {
        using var http = system.Anonymous();
        return await http.PostAsJsonAsync($"/api/v1/auth/{what}", body);
    }
}
