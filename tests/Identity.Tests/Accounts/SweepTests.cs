using MySql.Data.MySqlClient;

namespace FitFlow.Identity.Tests.Accounts;

/// A system of its own, which sweeps every second.
[Trait("speed", "slow")]
public sealed class SweepTests
{
    [Fact]
    public async Task WhatCountsNoMoreGoesAndWhatCountsStays()
    {
        await using var system = await OwnSystem.Start(settings: ("Settings:identity:Sweep:Every", "00:00:01"));
        await using var db = await IdentityDb.Open(system.Environment["ConnectionStrings__mysql"]);

        await Write(
            """
            INSERT INTO one_time_tokens (hash, user_id, purpose, created_at, expires_at) VALUES
                (REPEAT('-', 32), REPEAT('p', 16), 'verify_email', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6)),
                (REPEAT('+', 32), REPEAT('p', 16), 'verify_email', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) + INTERVAL 1 DAY);
            INSERT INTO refresh_tokens (hash, session_id, created_at, expires_at) VALUES
                (REPEAT('-', 32), REPEAT('+', 16), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6)),
                (REPEAT('+', 32), REPEAT('+', 16), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) + INTERVAL 1 DAY);
            INSERT INTO sessions (id, user_id, user_agent, created_at, last_seen_at, ended_at) VALUES
                (REPEAT('-', 16), REPEAT('p', 16), '', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) - INTERVAL 2 DAY),
                (REPEAT('=', 16), REPEAT('p', 16), '', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) - INTERVAL 9 DAY, NULL),
                (REPEAT('+', 16), REPEAT('p', 16), '', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), NULL);
            INSERT INTO attempts (subject, count, expires_at) VALUES
                (REPEAT('-', 32), 9, UTC_TIMESTAMP(6)),
                (REPEAT('+', 32), 9, UTC_TIMESTAMP(6) + INTERVAL 1 DAY);
            INSERT INTO known_places (user_id, place, seen_at) VALUES
                (REPEAT('p', 16), REPEAT('-', 32), UTC_TIMESTAMP(6) - INTERVAL 181 DAY),
                (REPEAT('p', 16), REPEAT('+', 32), UTC_TIMESTAMP(6));
            """);

        await Eventually.Holds(async () => await Left('-') == 0 && await Left('=') == 0, "what counts no more is gone");
        Assert.Equal(5, await Left('+'));

        Task<long> Left(char mark) => Write(
            $"""
            SELECT (SELECT COUNT(*) FROM one_time_tokens WHERE hash = REPEAT('{mark}', 32))
                + (SELECT COUNT(*) FROM refresh_tokens WHERE hash = REPEAT('{mark}', 32))
                + (SELECT COUNT(*) FROM sessions WHERE id = REPEAT('{mark}', 16))
                + (SELECT COUNT(*) FROM attempts WHERE subject = REPEAT('{mark}', 32))
                + (SELECT COUNT(*) FROM known_places WHERE place = REPEAT('{mark}', 32))
            """);

        async Task<long> Write(string sql)
        {
            await using var command = new MySqlCommand(sql, db);
            return Convert.ToInt64(await command.ExecuteScalarAsync());
        }
    }
}
