using System.Text.RegularExpressions;
using MySql.Data.MySqlClient;

namespace FitFlow.Identity.Tests.Users;

/// Lists read what they show, and not everybody: counted by the server while it runs the statements of the source, on twenty thousand people.
public sealed partial class ListUsersIndexTests(ListUsersIndexTests.ManyPeople people) : IClassFixture<ListUsersIndexTests.ManyPeople>
{
    [Theory]
    [InlineData("All", null, null, null, 60)]
    [InlineData("All", "trainer", null, null, 60)]
    [InlineData("All", "trainer", 1, null, 200)]
    [InlineData("All", null, 0, null, 60)]
    [InlineData("Found", null, null, "name0001", 200)]
    [InlineData("Found", "trainer", null, "name0001", 200)]
    public async Task AListReadsLittleMoreThanItsPage(string statement, string? role, int? isActive, string? begins, int most)
    {
        foreach (var after in new[] { null, people.Middle })
        {
            Assert.InRange(await people.Reads(statement, role, isActive, begins, after), 1, most);
        }
    }

    public sealed partial class ManyPeople : IAsyncLifetime
    {
        private readonly MySqlConnection _db = new($"{Servers.MySql};AllowUserVariables=true");
        private readonly string _name = $"people_{Convert.ToHexStringLower(Random.Shared.GetItems<byte>([.. Enumerable.Range(0, 256).Select(i => (byte)i)], 6))}";

        public byte[] Middle { get; } = Convert.FromHexString("00000000000000000000000000002710");

        public async ValueTask InitializeAsync()
        {
            await _db.OpenAsync();
            await Run($"CREATE DATABASE {_name}");
            await Run($"USE {_name}");
            await Run("CREATE TABLE users LIKE identitydb.users");
            await Run("SET SESSION cte_max_recursion_depth = 100000");
            await Run(
                """
                INSERT INTO users (id, email, role, first_name, last_name, language, created_at, deactivated_at)
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
                SELECT UNHEX(LPAD(HEX(i), 32, '0')), CONCAT('name', LPAD(i, 5, '0'), '@example.org'), IF(i % 10 = 0, 'trainer', 'client'),
                    CONCAT('First', LPAD(i, 5, '0')), CONCAT('Name', LPAD(i, 5, '0')), 'en', NOW(6), IF(i % 50 = 0, NOW(6), NULL)
                FROM n
                """);
            await Run("ANALYZE TABLE users");
        }

        public async ValueTask DisposeAsync()
        {
            await Run($"DROP DATABASE {_name}");
            await _db.DisposeAsync();
        }

        public async Task<long> Reads(string statement, string? role, int? isActive, string? begins, byte[]? after)
        {
            await Run("FLUSH STATUS");
            await Run(Statement(statement), ("Role", role), ("IsActive", isActive), ("Begins", $"{begins}%"), ("EmailBegins", $"{begins}%"), ("After", after), ("Rows", 51));
            await using var command = new MySqlCommand("SHOW SESSION STATUS LIKE 'Handler_read%'", _db);
            await using var reader = await command.ExecuteReaderAsync();
            var reads = 0L;
            while (await reader.ReadAsync()) reads += Convert.ToInt64(reader.GetValue(1));
            return reads;
        }

        private static string Statement(string name)
        {
            var source = File.ReadAllText(Path.Combine(Checkout.Root, "services", "Identity", "Features", "Users", "ListUsers.cs"));
            return Constants().Matches(source).Single(constant => constant.Groups["name"].Value == name).Groups["sql"].Value;
        }

        private async Task Run(string sql, params (string Name, object? Value)[] args)
        {
            await using var command = new MySqlCommand(sql, _db);
            foreach (var (name, value) in args) command.Parameters.AddWithValue(name, value);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
            }
        }

        [GeneratedRegex(""""const string (?<name>\w+) =\s+"""(?<sql>.+?)"""\s*;"""", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
        private static partial Regex Constants();
    }
}
