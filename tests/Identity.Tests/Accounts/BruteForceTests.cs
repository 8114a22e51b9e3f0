using System.Net;
using System.Net.Http.Json;

namespace FitFlow.Identity.Tests.Accounts;

/// Straight at Identity, since the gateway says where a request comes from and these come from many places.
public sealed class BruteForceTests(RunningSystem system)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhoGuessesWaitsWhetherOrNotThereIsAnAccount(bool isKnown)
    {
        var email = isKnown ? (await system.GivenPerson()).Email : Story.NewEmail();
        var from = NewPlace();

        for (var i = 0; i < 10; i++) (await Guess(email, from)).ShouldBe(HttpStatusCode.Unauthorized);
        var refused = await Guess(email, from);

        await refused.ShouldBeProblem(HttpStatusCode.TooManyRequests, "accounts.too_many_attempts");
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task AHundredGuessesAtOnceAreNotAllTheFirst()
    {
        var person = await system.GivenPerson();
        var from = NewPlace();

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Guess(person.Email, from)));

        Assert.Equal(10, answers.Count(answer => answer.StatusCode == HttpStatusCode.Unauthorized));
        Assert.Equal(90, answers.Count(answer => answer.StatusCode == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task TheRightPasswordFromTheSamePlaceWaitsToo()
    {
        var person = await system.GivenPerson();
        var from = NewPlace();
        for (var i = 0; i < 10; i++) await Guess(person.Email, from);

        (await Login(person.Email, person.Password, from)).ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task GuessesFromManyPlacesAreSlowedAndTheOwnersPlaceIsNot()
    {
        var person = await system.GivenPerson();
        var home = NewPlace();
        (await Login(person.Email, person.Password, home)).ShouldBe(HttpStatusCode.OK);

        for (var i = 0; i < 50; i++) (await Guess(person.Email, NewPlace())).ShouldBe(HttpStatusCode.Unauthorized);

        (await Guess(person.Email, NewPlace())).ShouldBe(HttpStatusCode.TooManyRequests);
        (await Login(person.Email, person.Password, home)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task ANewPasswordByLetterEndsTheWaiting()
    {
        var person = await system.GivenPerson();
        var from = NewPlace();
        for (var i = 0; i < 11; i++) await Guess(person.Email, from);

        await Post("forgot-password", new { person.Email }, from);
        (await Post("reset-password", new { (await system.LetterTo(person.Email)).Token, password = "another horse battery" }, from)).ShouldBe(HttpStatusCode.NoContent);

        (await Login(person.Email, "another horse battery", from)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task OneNetworkThatTriesManyAccountsIsSlowedAndWhoSignedInFromItBeforeIsNot()
    {
        var person = await system.GivenPerson();
        var from = NewPlace();
        (await Login(person.Email, person.Password, from)).ShouldBe(HttpStatusCode.OK);

        // As after two hundred failures, without hashing two hundred times.
        (await Guess(Story.NewEmail(), from)).ShouldBe(HttpStatusCode.Unauthorized);
        var network = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"network\n{from}"));
        await IdentityDb.Write("UPDATE attempts SET count = 199 WHERE subject = @network", ("network", network));
        (await Guess(Story.NewEmail(), from)).ShouldBe(HttpStatusCode.Unauthorized);

        (await Guess(Story.NewEmail(), from)).ShouldBe(HttpStatusCode.TooManyRequests);
        (await Login(person.Email, person.Password, from)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task ASuccessForgetsTheFailuresBeforeIt()
    {
        var person = await system.GivenPerson();
        var from = NewPlace();

        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 9; i++) await Guess(person.Email, from);
            (await Login(person.Email, person.Password, from)).ShouldBe(HttpStatusCode.OK);
        }
    }

    private static string NewPlace() => $"198.{Random.Shared.Next(18, 20)}.{Random.Shared.Next(256)}.{Random.Shared.Next(256)}";

    private Task<HttpResponseMessage> Guess(string email, string from) => Login(email, "wrong horse battery", from);

    private Task<HttpResponseMessage> Login(string email, string password, string from) => Post("login", new { email, password }, from);

    private async Task<HttpResponseMessage> Post(string what, object body, string from)
    {
        using var http = new HttpClient { BaseAddress = system.Service("identity") };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/auth/{what}") { Content = JsonContent.Create(body, options: FitFlow.ServiceDefaults.Json.Options) };
        request.Headers.Add("X-Forwarded-For", from);
        return await http.SendAsync(request);
    }
}
