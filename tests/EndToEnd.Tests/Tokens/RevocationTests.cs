using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using MySql.Data.MySqlClient;

namespace FitFlow.EndToEnd.Tests.Tokens;

/// A system whose Redis can be taken away from it, and whose keys change in seconds.
[Trait("speed", "slow")]
public sealed class RevocationTests(RevocationTests.Its its, ITestOutputHelper output) : IClassFixture<RevocationTests.Its>
{
    public sealed class Its : IAsyncLifetime
    {
        // Longer than services wait between two looks at the published keys.
        public static readonly TimeSpan PublishedBefore = TimeSpan.FromSeconds(12);

        private readonly RunningSystem _shared = new();
        private OwnSystem _own = null!;

        public CuttableProxy Redis { get; private set; } = null!;

        public RunningSystem System { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            await _shared.InitializeAsync();
            // Another Redis than its own: one that is there before it starts, behind a switch.
            (Redis, var connectionString) = CuttableProxy.For(Servers.Redis);
            _own = await OwnSystem.Start(settings:
            [
                ("Settings:identity:ConnectionStrings:redis", connectionString),
                ("Settings:gateway:ConnectionStrings:redis", connectionString),
                ("Settings:identity:Keys:PublishedBefore", PublishedBefore.ToString()),
            ]);
            System = RunningSystem.Of(_own);
        }

        public async ValueTask DisposeAsync()
        {
            await _own.DisposeAsync();
            await Redis.DisposeAsync();
            await _shared.DisposeAsync();
        }

        /// As the database's administrator: what no route does for somebody who is nobody yet.
        public async Task Write(string sql, Guid person)
        {
            await using var connection = new MySqlConnection($"{_own.Environment["ConnectionStrings__mysql"]};Database=identitydb");
            await connection.OpenAsync();
            await using var command = new MySqlCommand(sql, connection);
            command.Parameters.AddWithValue("Id", person.ToByteArray(bigEndian: true));
            await command.ExecuteNonQueryAsync();
        }

        public async Task<Person> GivenAdmin()
        {
            var person = await System.GivenPerson();
            await Write("UPDATE users SET role = 'admin' WHERE id = @Id", person.Id);
            return await System.SignIn(person);
        }
    }

    [Fact]
    public async Task WithRedisGoneAChangeStillHoldsEverywhere()
    {
        var admin = await its.GivenAdmin();
        var ada = await its.System.GivenPerson();
        await Admitted(ada);
        its.Redis.Cut();
        try
        {
            using var http = admin.Http();
            (await http.PutAsJsonAsync($"/api/v1/users/{ada.Id}/role", new { role = "trainer" })).ShouldBe(HttpStatusCode.NoContent);

            var started = Stopwatch.GetTimestamp();
            foreach (var service in Everywhere()) await Eventually.Holds(async () => await Status(service, ada) == HttpStatusCode.Unauthorized, $"{service} refuses it");
            output.WriteLine($"without Redis, refused everywhere after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
            await Admitted(admin);
        }
        finally
        {
            its.Redis.Restore();
        }
    }

    [Fact]
    public async Task KeysChangeAndNobodyIsSignedOut()
    {
        var admin = await its.GivenAdmin();
        var ada = await its.System.GivenPerson();
        await Admitted(ada);
        using var http = new HttpClient { BaseAddress = its.System.Service("identity") };
        http.DefaultRequestHeaders.Authorization = new("Bearer", admin.Token);

        // Of several at once one makes the next key, and until that signs there is no other.
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => http.PostAsync("/api/v1/keys/rotate", content: null)));
        var made = Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        foreach (var other in answers.Where(answer => answer != made)) await other.ShouldBeProblem(HttpStatusCode.Conflict, "keys.rotation_pending");
        var next = (await made.Read()).GetProperty("kid").GetString()!;

        // Published before it signs.
        Assert.Contains(next, await Published());
        Assert.NotEqual(next, KeyOf((await its.System.SignIn(ada)).Token));

        var young = ada;
        await Eventually.Holds(async () => KeyOf((young = await its.System.SignIn(ada)).Token) == next, "the new key signs");
        await Admitted(young);
        await Admitted(ada); // Signed by the key before, and as good as ever.
        Assert.Contains(KeyOf(ada.Token), await Published());

        async Task<List<string?>> Published() =>
            [.. (await (await http.GetAsync("/.well-known/jwks.json")).Read()).GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString())];
    }

    [Fact]
    public async Task OnlyAdminsChangeKeysAndNobodyFromOutside()
    {
        var ada = await its.System.GivenPerson();
        using var inside = new HttpClient { BaseAddress = its.System.Service("identity") };
        await (await inside.PostAsync("/api/v1/keys/rotate", content: null)).ShouldBeProblem(HttpStatusCode.Unauthorized, "auth.required");
        inside.DefaultRequestHeaders.Authorization = new("Bearer", ada.Token);
        await (await inside.PostAsync("/api/v1/keys/rotate", content: null)).ShouldBeProblem(HttpStatusCode.Forbidden, "auth.forbidden");

        using var outside = (await its.GivenAdmin()).Http();
        await (await outside.PostAsync("/api/v1/keys/rotate", content: null)).ShouldBeProblem(HttpStatusCode.NotFound, "not_found");
    }

    private static string KeyOf(string token)
    {
        var header = token[..token.IndexOf('.', StringComparison.Ordinal)].Replace('-', '+').Replace('_', '/');
        using var json = System.Text.Json.JsonDocument.Parse(Convert.FromBase64String(header.PadRight((header.Length + 3) / 4 * 4, '=')));
        return json.RootElement.GetProperty("kid").GetString()!;
    }

    private static async Task<HttpStatusCode> Status(Uri service, Person person)
    {
        using var http = new HttpClient { BaseAddress = service };
        http.DefaultRequestHeaders.Authorization = new("Bearer", person.Token);
        return (await http.GetAsync("/api/v1/users/me")).StatusCode;
    }

    private Uri[] Everywhere() => [its.System.Gateway, its.System.Service("identity")];

    private async Task Admitted(Person person)
    {
        foreach (var service in Everywhere()) (await Status(service, person)).ShouldBe(HttpStatusCode.OK);
    }
}
