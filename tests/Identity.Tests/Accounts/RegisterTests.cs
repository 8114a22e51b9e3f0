using System.Net;
using System.Net.Http.Json;

namespace FitFlow.Identity.Tests.Accounts;

public sealed class RegisterTests(RunningSystem system)
{
    private static object Somebody(string email, string password = "correct horse battery") =>
        new { email, password, first_name = "Ada", last_name = "Byron" };

    private static string NewEmail() => $"{Path.GetRandomFileName()}@example.org";

    [Fact]
    public async Task AnAddressHasOneAccountHoweverItIsSpelled()
    {
        using var http = system.Anonymous();
        var email = NewEmail();
        (await http.PostAsJsonAsync("/api/v1/auth/register", Somebody(email))).ShouldBe(HttpStatusCode.Created);

        var again = await http.PostAsJsonAsync("/api/v1/auth/register", Somebody($" {email.ToUpperInvariant()} "));

        await again.ShouldBeProblem(HttpStatusCode.Conflict, "accounts.email_taken");
    }

    [Fact]
    public async Task OfManyWhoWantOneAddressAtOnceExactlyOneGetsIt()
    {
        using var http = system.Anonymous();
        var email = NewEmail();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => http.PostAsJsonAsync("/api/v1/auth/register", Somebody(email))));

        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        Assert.Equal(11, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
    }

    [Theory]
    [InlineData("no address", "correct horse battery", "email")]
    [InlineData("ada@example.org", "short", "password")]
    public async Task EveryFieldThatIsWrongIsNamed(string email, string password, string field)
    {
        using var http = system.Anonymous();

        var problem = await (await http.PostAsJsonAsync("/api/v1/auth/register", Somebody(email, password)))
            .ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");

        Assert.Equal([field], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task NobodyMakesThemselvesAdmin()
    {
        using var http = system.Anonymous();

        var answer = await http.PostAsJsonAsync(
            "/api/v1/auth/register",
            new { email = NewEmail(), password = "correct horse battery", first_name = "Eve", last_name = "Moore", role = "admin", id = Guid.Empty });

        answer.ShouldBe(HttpStatusCode.Created);
        (await answer.Read()).GetProperty("role").GetString().ShouldBe("client");
    }

    [Theory]
    [InlineData("'; DROP TABLE users; --")]
    [InlineData("Zoë \U0001F3CB \\ \" ` %_")]
    public async Task ANameIsKeptToTheLetter(string name)
    {
        using var http = system.Anonymous();

        var answer = await http.PostAsJsonAsync(
            "/api/v1/auth/register", new { email = NewEmail(), password = "correct horse battery", first_name = name, last_name = name });

        answer.ShouldBe(HttpStatusCode.Created);
        (await answer.Read()).GetProperty("first_name").GetString().ShouldBe(name);
    }
}
