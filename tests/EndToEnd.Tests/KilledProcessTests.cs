using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using MySql.Data.MySqlClient;

namespace FitFlow.EndToEnd.Tests;

/// kill -9 of any one process, under load: clear errors meanwhile, recovery by itself, and nothing that was accepted is lost.
[Trait("speed", "slow")]
public sealed class KilledProcessTests(LocalRun run) : IClassFixture<LocalRun>
{
    private const string Password = "correct horse battery";

    [Theory]
    [InlineData("identity")]
    [InlineData("gateway")]
    [InlineData("rabbitmq")]
    [InlineData("redis")]
    [InlineData("mysql")]
    [InlineData("mail")]
    public async Task WhatWasAcceptedSurvives(string victim)
    {
        var before = await run.Find(victim);
        await using var visitors = new Visitors(run.Gateway);
        await visitors.HaveRegistered(5);

        await run.Kill(victim);
        await Eventually.Holds(async () => await run.Find(victim) is { Health: "Healthy" } now && now.Pid != before.Pid, $"{victim} is back by itself");
        await visitors.HaveRegistered(visitors.Accepted.Count + 5);
        await visitors.GoHome();

        Assert.Empty(visitors.Unclear);
        if (victim is not "gateway") Assert.Equal(0, visitors.Unanswered);
        if (victim is "redis" or "rabbitmq" or "mail") Assert.Equal(0, visitors.Unavailable);
        await EachIsThereAndWelcomedOnce([.. visitors.Accepted]);
    }

    private async Task EachIsThereAndWelcomedOnce(string[] accepted)
    {
        await using var database = new MySqlConnection(await run.RootConnection());
        await database.OpenAsync();
        await Eventually.Holds(async () => await Count("times = 1") == accepted.Length, $"{accepted.Length} people are registered and welcomed");
        Assert.Equal(0, await Count("times > 1"));
        await Eventually.Holds(async () => await Waiting() == 0, "every letter is sent");

        async Task<long> Waiting()
        {
            await using var command = database.CreateCommand();
            command.CommandText = "SELECT COUNT(*) FROM identitydb.letters WHERE sent_at IS NULL";
            return Convert.ToInt64(await command.ExecuteScalarAsync());
        }

        async Task<long> Count(string condition)
        {
            await using var command = database.CreateCommand();
            command.CommandText =
                $"""
                SELECT COUNT(*)
                FROM identitydb.users u
                JOIN identitydb.welcomes w ON w.user_id = u.id
                WHERE {condition} AND u.email IN ({string.Join(", ", accepted.Select((_, i) => $"@e{i}"))})
                """;
            for (var i = 0; i < accepted.Length; i++) command.Parameters.AddWithValue($"e{i}", accepted[i]);
            return Convert.ToInt64(await command.ExecuteScalarAsync());
        }
    }

    /// Two people at a time register through the gateway until they are told to go home.
    private sealed class Visitors : IAsyncDisposable
    {
        private readonly CancellationTokenSource _home = new();
        private readonly HttpClient _http;
        private readonly Task[] _visits;
        private int _unanswered;
        private int _unavailable;

        public Visitors(Uri gateway)
        {
            _http = new HttpClient { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(30) };
            _visits = [Visit(), Visit()];
        }

        public ConcurrentBag<string> Accepted { get; } = [];

        public ConcurrentBag<string> Unclear { get; } = [];

        public int Unanswered => _unanswered;

        public int Unavailable => _unavailable;

        public Task HaveRegistered(int people) => Eventually.Holds(() => Accepted.Count >= people, $"{people} people are accepted");

        public async Task GoHome()
        {
            await _home.CancelAsync();
            await Task.WhenAll(_visits);
        }

        public async ValueTask DisposeAsync()
        {
            await GoHome();
            _http.Dispose();
            _home.Dispose();
        }

        private async Task Visit()
        {
            while (!_home.IsCancellationRequested)
            {
                await Register($"{Path.GetRandomFileName()}@example.org");
            }
        }

        private async Task Register(string email)
        {
            try
            {
                using var answer = await _http.PostAsJsonAsync(
                    "/api/v1/auth/register", new { email, password = Password, first_name = "Ada", last_name = "Byron" });
                if (answer.StatusCode == HttpStatusCode.Accepted) Accepted.Add(email);
                else if (answer is { StatusCode: HttpStatusCode.ServiceUnavailable, Content.Headers.ContentType.MediaType: "application/problem+json" })
                {
                    Interlocked.Increment(ref _unavailable);
                    await Task.Delay(50);
                }
                else Unclear.Add($"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
            }
            catch (HttpRequestException)
            {
                // The gateway itself is away: there is nobody who could answer.
                Interlocked.Increment(ref _unanswered);
                await Task.Delay(50);
            }
        }
    }
}
