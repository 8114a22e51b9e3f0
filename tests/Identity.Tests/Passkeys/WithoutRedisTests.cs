using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;

namespace FitFlow.Identity.Tests.Passkeys;

[Trait("speed", "slow")]
public sealed class WithoutRedisTests
{
    [Fact]
    public async Task ThereAreNoChallengesAndPasswordsGoOn()
    {
        await using var system = await OwnSystem.Start();
        using var http = new HttpClient { BaseAddress = new(system.Environment["services__gateway__http__0"]) };
        (await http.PostAsync("/api/v1/auth/passkeys/sign-in/options", content: null)).ShouldBe(HttpStatusCode.OK);

        await Pause(system.Environment["ConnectionStrings__redis"], TimeSpan.FromSeconds(15));

        var refused = await http.PostAsync("/api/v1/auth/passkeys/sign-in/options", content: null);
        await refused.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "dependency.unavailable");
        Assert.NotNull(refused.Headers.RetryAfter);
        await (await http.PostAsJsonAsync("/api/v1/auth/login", new { email = "nobody@example.org", password = "not the password" }))
            .ShouldBeProblem(HttpStatusCode.Unauthorized, "accounts.wrong_credentials");

        await Eventually.Holds(
            async () => (await http.PostAsync("/api/v1/auth/passkeys/sign-in/options", content: null)).StatusCode == HttpStatusCode.OK, "Redis is back");
    }

    /// As good as gone: it answers nobody until this is over.
    private static async Task Pause(string connectionString, TimeSpan time)
    {
        var (address, password) = connectionString.Split(",password=") is [var host, var rest] ? (new Uri($"redis://{host}"), rest.Split(',')[0]) : throw new FormatException(connectionString);
        using var connection = new TcpClient(address.Host, address.Port);
        using var answers = new StreamReader(connection.GetStream());
        foreach (var command in (string[])[$"AUTH {password}", $"CLIENT PAUSE {time.TotalMilliseconds:F0} ALL"])
        {
            await connection.GetStream().WriteAsync(Encoding.UTF8.GetBytes($"{command}\r\n"));
            Assert.Equal("+OK", await answers.ReadLineAsync());
        }
    }
}
