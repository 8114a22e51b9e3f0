using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FitFlow.ServiceDefaults;

namespace FitFlow.EndToEnd.Tests.Access;

/// docs/access.md against every route that the gateway lets through: a route without a row fails, so does a cell that is not true.
public sealed partial class AccessTableTests(RunningSystem system)
{
    [Fact]
    public async Task EveryRouteHasARowAndEveryRowIsARoute()
    {
        var routes = AccessRow.Declared(await OpenApi()).Select(row => row.Route).Order(StringComparer.Ordinal);

        Assert.Equal(routes, AccessRow.Decided().Select(row => row.Route).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task EveryRouteDeclaresWhatItsRowSays()
    {
        var decided = AccessRow.Decided().ToDictionary(row => row.Route, StringComparer.Ordinal);

        Assert.All(AccessRow.Declared(await OpenApi()), row => Assert.Equal(decided[row.Route], row));
    }

    [Fact]
    public async Task EveryRouteAdmitsWhomItsRowNamesAndNobodyElse()
    {
        var studio = await system.GivenStudio();
        var other = await system.GivenStudio();
        var people = new Dictionary<string, Caller>(StringComparer.Ordinal)
        {
            ["nobody"] = new(system.Gateway),
            ["client"] = new(await studio.GivenMember("client")),
            ["trainer"] = new(await studio.GivenMember("trainer")),
            ["gym_owner"] = new(studio.Owner),
            ["admin"] = new(await AnotherAdmin()),
        };
        var wrong = new List<string>();

        foreach (var row in AccessRow.Decided())
        {
            foreach (var (name, caller) in people)
            {
                var here = name == "nobody" ? row.People == "anybody" : row.Admits(name);
                await Expect(here, row, caller, studio.Id, name);
                if (row.InStudio) await Expect(here && name == "admin", row, caller, other.Id, $"{name} of another studio");
            }
        }

        Assert.Empty(wrong);

        async Task Expect(bool admitted, AccessRow row, Caller caller, Guid at, string who)
        {
            var (answer, was) = await caller.Call(row, at);
            if (was != admitted) wrong.Add($"{row.Route}: {who} is {(was ? "admitted" : "refused")} ({(int)answer})");
        }
    }

    [Theory]
    [InlineData(RunningSystem.AdmittedService)]
    [InlineData(RunningSystem.CallingService)]
    public async Task EveryRouteAdmitsTheServicesThatItsRowNamesAndNoOther(string service)
    {
        using var http = new HttpClient();
        var token = await (await http.PostAsJsonAsync(
            new Uri(system.Service("identity"), "/api/v1/auth/service-token"), new { client_id = service, client_secret = system.ServiceCredentials.Secret })).Read();
        var decided = AccessRow.Decided().ToDictionary(row => row.Route, StringComparer.Ordinal);
        var wrong = new List<string>();

        // Not through the gateway: each service by itself, which says what it has.
        foreach (var home in (string[])["identity", "scheduling"])
        {
            var caller = new Caller(system.Service(home), token.GetProperty("access_token").GetString());
            var described = await http.GetFromJsonAsync<JsonElement>(new Uri(system.Service(home), "/openapi/v1.json"));
            foreach (var row in AccessRow.Declared(described).Select(declared => decided.GetValueOrDefault(declared.Route)).OfType<AccessRow>().Where(row => row.People != "anybody"))
            {
                var (answer, admitted) = await caller.Call(row, Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));
                if (admitted != row.Services.Split(", ").Contains(service)) wrong.Add($"{row.Route}: {(admitted ? "admitted" : "refused")} ({(int)answer})");
            }
        }

        Assert.Empty(wrong);
    }

    /// The shared one's sessions are not ours to end.
    private async Task<Person> AnotherAdmin()
    {
        var person = new Person(system, Guid.Empty, Story.NewEmail(), "correct horse battery", Token: "");
        using var admin = (await system.GivenAdmin()).Http();
        (await admin.PostAsJsonAsync("/api/v1/users", new { person.Email, first_name = "Ada", last_name = "Byron", role = "admin" }, Json.Options)).ShouldBe(HttpStatusCode.Created);
        var letter = await system.LetterTo(person.Email);
        (await admin.PostAsJsonAsync("/api/v1/auth/reset-password", new { letter.Token, person.Password }, Json.Options)).ShouldBe(HttpStatusCode.NoContent);
        return await system.SignIn(person);
    }

    private async Task<JsonElement> OpenApi()
    {
        using var http = system.Anonymous();
        return await http.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
    }

    [GeneratedRegex(@"\{\w+\}", RegexOptions.None, 1000)]
    private static partial Regex Parameter();

    private sealed class Caller(Uri at, string? token = null, Person? person = null)
    {
        private string? _token = token;

        public Caller(Person person) : this(person.System.Gateway, person.Token, person)
        {
        }

        public async Task<(HttpStatusCode Status, bool Admitted)> Call(AccessRow row, Guid studio)
        {
            var (status, code) = await Send(row, studio);
            if (code == "auth.token_revoked")
            {
                // What was called before has ended this session.
                _token = (await person!.System.SignIn(person)).Token;
                (status, code) = await Send(row, studio);
            }

            // The route's own refusals (a wrong password, a client of somebody else) come after it has let the caller in.
            return (status, code is not ("auth.required" or "auth.forbidden" or "studios.not_a_member" or "auth.token_revoked"));
        }

        private async Task<(HttpStatusCode Status, string? Code)> Send(AccessRow row, Guid studio)
        {
            var (method, path) = (row.Route.Split(' ')[0], row.Route.Split(' ')[1]);
            var somewhere = Parameter().Replace(path.Replace("{studio_id}", studio.ToString(), StringComparison.Ordinal), _ => Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString());
            using var request = new HttpRequestMessage(new HttpMethod(method), somewhere);
            if (_token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
            if (row.InStudio) request.Headers.Add("X-Studio-Id", studio.ToString());
            if (method is not ("GET" or "DELETE")) request.Content = new StringContent("{}", Encoding.UTF8, "application/json");

            using var http = new HttpClient { BaseAddress = at };
            using var answer = await http.SendAsync(request);
            var problem = answer.Content.Headers.ContentType?.MediaType == "application/problem+json" ? await answer.Read() : default;
            return (answer.StatusCode, problem.ValueKind == JsonValueKind.Object && problem.TryGetProperty("code", out var code) ? code.GetString() : null);
        }
    }
}
