using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MySql.Data.MySqlClient;

namespace FitFlow.Identity.Tests.Users;

/// Who the last admin is depends on everybody, so this is told in a system of its own.
public sealed class LastAdminTests(LastAdminTests.Empty empty) : IClassFixture<LastAdminTests.Empty>
{
    [Fact]
    public async Task SomebodyIsAlwaysLeftWhoCanMakeAdmins()
    {
        var (ada, bob) = (await empty.GivenAdmin(), await empty.GivenAdmin());
        await empty.Only(ada, bob);

        // Each dismisses the other at once, in every way there is.
        foreach (var (first, second) in new (Dismissal First, Dismissal Second)[] { (Demote, Demote), (Deactivate, Deactivate), (Demote, Erase), (Erase, Deactivate) })
        {
            var answers = await Task.WhenAll(first(ada, bob), second(bob, ada));
            Assert.Single(answers, answer => answer.IsSuccessStatusCode);
            (await empty.CountAdmins()).ShouldBe(1);

            (ada, bob) = (await empty.GivenAdmin(), await empty.GivenAdmin());
            await empty.Only(ada, bob);
        }

        // And nobody dismisses themselves when nobody else is there.
        await empty.Only(ada);
        await (await Demote(ada, ada)).ShouldBeProblem(HttpStatusCode.Conflict, "users.last_admin");
        await (await Deactivate(ada, ada)).ShouldBeProblem(HttpStatusCode.Conflict, "users.last_admin");
        await (await Erase(ada, ada)).ShouldBeProblem(HttpStatusCode.Conflict, "users.last_admin");
    }

    private delegate Task<HttpResponseMessage> Dismissal(Admin by, Admin whom);

    private static Task<HttpResponseMessage> Demote(Admin by, Admin whom) => by.Http.PutAsJsonAsync($"/api/v1/users/{whom.Id}/role", new { role = "client" });

    private static Task<HttpResponseMessage> Deactivate(Admin by, Admin whom) => by.Http.PostAsync($"/api/v1/users/{whom.Id}/deactivate", content: null);

    private static Task<HttpResponseMessage> Erase(Admin by, Admin whom) => by.Http.PostAsync($"/api/v1/users/{whom.Id}/erase", content: null);

    public sealed record Admin(Guid Id, HttpClient Http);

    public sealed class Empty : IAsyncLifetime
    {
        private const string Password = "correct horse battery";

        private OwnSystem _system = null!;

        public async ValueTask InitializeAsync() => _system = await OwnSystem.Start();

        public ValueTask DisposeAsync() => _system.DisposeAsync();

        /// Registered over HTTP; verified and made an admin behind everybody's back.
        public async Task<Admin> GivenAdmin()
        {
            var http = new HttpClient { BaseAddress = new Uri(_system.Environment["services__identity__http__0"]) };
            var email = $"{Path.GetRandomFileName()}@example.org";
            (await http.PostAsJsonAsync("/api/v1/auth/register", new { email, password = Password, first_name = "Ada", last_name = "Byron" })).EnsureSuccessStatusCode();
            await Sql(
                """
                UPDATE users u
                JOIN one_time_tokens t ON t.user_id = u.id
                SET u.role = 'admin', u.email_verified_at = UTC_TIMESTAMP(6), u.password_hash = t.password_hash
                WHERE u.email = @Email
                """, email);
            var login = await http.PostAsJsonAsync("/api/v1/auth/login", new { email, password = Password });
            login.ShouldBe(HttpStatusCode.OK);
            var answer = await login.Read();
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", answer.GetProperty("access_token").GetString());
            return new Admin(answer.GetProperty("user").GetProperty("id").GetGuid(), http);
        }

        public async Task Only(params Admin[] admins)
        {
            await Sql("UPDATE users SET role = 'client' WHERE role = 'admin'");
            foreach (var admin in admins) await Sql("UPDATE users SET role = 'admin', deactivated_at = NULL WHERE HEX(id) = @Email", admin.Id.ToString("N").ToUpperInvariant());
        }

        public async Task<long> CountAdmins() => await Sql("SELECT COUNT(*) FROM users WHERE role = 'admin' AND is_active = 1");

        private async Task<long> Sql(string sql, string? value = null)
        {
            await using var connection = await IdentityDb.Open(_system.Environment["ConnectionStrings__mysql"]);
            await using var command = new MySqlCommand(sql, connection);
            command.Parameters.AddWithValue("Email", value);
            return Convert.ToInt64(await command.ExecuteScalarAsync() ?? 0L);
        }
    }
}
