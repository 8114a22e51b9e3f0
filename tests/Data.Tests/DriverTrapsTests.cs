using System.Text.Json;

namespace FitFlow.Data.Tests;

/// <summary>What the driver and the mapper do by themselves would lose or twist every one of these.</summary>
public sealed class DriverTrapsTests(DriverTrapsTests.Schema databases) : IClassFixture<DriverTrapsTests.Schema>
{
    private static readonly CancellationToken None = CancellationToken.None;

    public sealed class Schema() : Databases(
        """
        CREATE TABLE everything (
          id         BINARY(16) NOT NULL PRIMARY KEY,
          parent_id  BINARY(16) NULL,
          status     VARCHAR(20) CHARACTER SET ascii NOT NULL,
          mood       VARCHAR(20) CHARACTER SET ascii NULL,
          born_on    DATE NOT NULL,
          left_on    DATE NULL,
          opens_at   TIME(6) NOT NULL,
          closes_at  TIME NULL,
          created_at DATETIME(6) NOT NULL,
          deleted_at DATETIME(6) NULL,
          cents      BIGINT NOT NULL,
          rate       DECIMAL(9, 4) NOT NULL,
          ratio      DOUBLE NOT NULL,
          is_open    BOOLEAN NOT NULL,
          is_late    BOOLEAN NULL,
          tags       JSON NOT NULL,
          address    JSON NULL,
          hash       VARBINARY(32) NOT NULL,
          text_4     TEXT NOT NULL
        );
        CREATE TABLE people (
          email VARCHAR(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY
        );
        """);

    public enum Status
    {
        Confirmed,
        NoShow,
    }

    public sealed record Address(string Street, Status Kind);

    public sealed record Everything(
        Guid Id, Guid? ParentId, Status Status, Status? Mood, DateOnly BornOn, DateOnly? LeftOn, TimeOnly OpensAt, TimeOnly? ClosesAt, DateTimeOffset CreatedAt,
        DateTimeOffset? DeletedAt, long Cents, decimal Rate, double Ratio, bool IsOpen, bool? IsLate, string[] Tags, Address? Address, byte[] Hash, string Text4);

    private const string Insert =
        """
        INSERT INTO everything (id, parent_id, status, mood, born_on, left_on, opens_at, closes_at, created_at, deleted_at, cents, rate, ratio, is_open, is_late, tags, address, hash, text_4)
        VALUES (@Id, @ParentId, @Status, @Mood, @BornOn, @LeftOn, @OpensAt, @ClosesAt, @CreatedAt, @DeletedAt, @Cents, @Rate, @Ratio, @IsOpen, @IsLate, @TagsJson, @Address, @Hash, @Text4)
        """;

    private static Everything Sample(bool full) => new(
        Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), full ? Guid.Parse("01020304-0506-7708-890a-0b0c0d0e0f10") : null, Status.NoShow, full ? Status.Confirmed : null,
        new DateOnly(2028, 2, 29), full ? new DateOnly(1970, 1, 1) : null, new TimeOnly(2, 30, 0).Add(TimeSpan.FromMicroseconds(1)), full ? new TimeOnly(23, 59, 59) : null,
        new DateTimeOffset(2026, 3, 29, 2, 30, 0, TimeSpan.FromHours(2)).AddTicks(1234567), full ? DateTimeOffset.UnixEpoch : null,
        long.MinValue, 12345.6789m, 1.0 / 3.0, IsOpen: true, full ? false : null, ["a'b", "\\", "é"], full ? new Address("1 \"Main\"", Status.NoShow) : null, [0, 39, 92, 255], "O'Neill \\ 😀 -- @Id ; #");

    private static Dictionary<string, object?> Args(Everything row)
    {
        var args = typeof(Everything).GetProperties().ToDictionary(property => property.Name, property => property.GetValue(row), StringComparer.Ordinal);
        args["TagsJson"] = Sql.Json(row.Tags);
        return args;
    }

    [Theory, OnEveryEngine]
    public async Task WhatWasWrittenIsRead(Engine engine)
    {
        var db = databases[engine].Db;
        foreach (var row in new[] { Sample(full: true), Sample(full: false) })
        {
            await db.Global().Execute(Insert, Args(row), None);
            var read = await db.Global().QueryOne<Everything>("SELECT * FROM everything WHERE id = @Id", new { row.Id }, None);

            // DATETIME(6) keeps microseconds.
            var expected = row with { CreatedAt = row.CreatedAt.AddTicks(-(row.CreatedAt.Ticks % 10)).ToUniversalTime() };
            Assert.Equal(JsonSerializer.Serialize(expected), JsonSerializer.Serialize(read));
            Assert.Equal(TimeSpan.Zero, read!.CreatedAt.Offset);
        }
    }

    [Theory, OnEveryEngine]
    public async Task IdsAreBigEndianSoThatTheySortByTime(Engine engine)
    {
        var db = databases[engine].Db;
        var day = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var ids = Enumerable.Range(0, 50).Select(i => Guid.CreateVersion7(day.AddDays(i))).ToArray();
        foreach (var id in ids.Reverse()) await db.Global().Execute(Insert, Args(Sample(full: true) with { Id = id }), None);

        Assert.Equal(ids, await db.Global().Query<Guid>("SELECT id FROM everything WHERE id IN @Ids ORDER BY id", new { Ids = ids }, None));
        Assert.Equal(
            ids[0].ToString("N").ToUpperInvariant(),
            await db.Global().QueryOne<string>("SELECT HEX(id) FROM everything WHERE id = @Id", new { Id = ids[0] }, None));
    }

    [Theory, OnEveryEngine]
    public async Task EnumsAreSnakeCaseInTheDatabase(Engine engine)
    {
        var db = databases[engine].Db;
        var row = Sample(full: false);
        await db.Global().Execute(Insert, Args(row), None);

        Assert.Equal("no_show", await db.Global().QueryOne<string>("SELECT status FROM everything WHERE id = @Id", new { row.Id }, None));
        Assert.Equal(Status.NoShow, await db.Global().QueryOne<Status>("SELECT status FROM everything WHERE id = @Id AND status IN @Of", new { row.Id, Of = new[] { Status.NoShow } }, None));
        Assert.Null(await db.Global().QueryOne<Status?>("SELECT mood FROM everything WHERE id = @Id", new { row.Id }, None));
        await Assert.ThrowsAsync<ArgumentException>(() => db.Global().Execute("SELECT @Of", new { Of = (Status)7 }, None));
        await Assert.ThrowsAsync<InvalidOperationException>(() => db.Global().QueryOne<Status>("SELECT 'gone'", None));
    }

    [Theory, OnEveryEngine]
    public async Task AMisspelledParameterIsAnErrorAndNotNull(Engine engine)
    {
        var db = databases[engine].Db;

        var wrong = await Assert.ThrowsAsync<ArgumentException>(() => db.Global().Query<Guid>("SELECT id FROM everything WHERE id = @Idd", new { Id = Guid.Empty }, None));
        Assert.Contains("@Idd", wrong.Message, StringComparison.Ordinal);
        Assert.Equal("@Nobody x", await db.Global().QueryOne<string>("SELECT '@Nobody x' -- @Nobody", None));
    }

    [Theory, OnEveryEngine]
    public async Task AColumnWithoutAPlaceAndAPlaceWithoutAColumnAreErrors(Engine engine)
    {
        var db = databases[engine].Db;

        var without = await Assert.ThrowsAsync<InvalidOperationException>(() => db.Global().Query<Address>("SELECT 'x' AS street", None));
        Assert.Contains("Kind", without.Message, StringComparison.Ordinal);
        var more = await Assert.ThrowsAsync<InvalidOperationException>(() => db.Global().Query<Address>("SELECT 'x' AS street, 'no_show' AS kind, 1 AS other", None));
        Assert.Contains("other", more.Message, StringComparison.Ordinal);
        var none = await Assert.ThrowsAsync<InvalidOperationException>(() => db.Global().Query<long>("SELECT NULL AS cents", None));
        Assert.Contains("cents", none.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => db.Global().QueryOne<long>("SELECT 1 UNION SELECT 2", None));
    }

    [Theory, OnEveryEngine]
    public async Task TuplesAndNumbersOfEverySizeAreRead(Engine engine)
    {
        var db = databases[engine].Db;

        Assert.Equal((3, 4L, "x"), await db.Global().QueryOne<(int, long, string)>("SELECT 3, COUNT(*) + 3, 'x'", None));
        Assert.Equal((6m, true), await db.Global().QueryOne<(decimal, bool)>("SELECT SUM(6), 1 = 1", None));
        Assert.Equal(0, await db.Global().QueryOne<int>("SELECT id FROM everything WHERE 1 = 0", None));
        Assert.Null(await db.Global().QueryOne<int?>("SELECT cents FROM everything WHERE 1 = 0", None));
    }

    [Theory, OnEveryEngine]
    public async Task ADateTimeWithoutAKindIsRefused(Engine engine)
    {
        var db = databases[engine].Db;
        await Assert.ThrowsAsync<ArgumentException>(() => db.Global().QueryOne<DateTime>("SELECT @At", new { At = new DateTime(2026, 1, 1) }, None));

        var utc = new DateTime(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);
        var read = await db.Global().QueryOne<DateTime>("SELECT CAST(@At AS DATETIME(6))", new { At = utc }, None);
        Assert.Equal((utc, DateTimeKind.Utc), (read, read.Kind));
    }

    [Theory, OnEveryEngine]
    public async Task AnEmptyListMatchesNothing(Engine engine)
    {
        Assert.Empty(await databases[engine].Db.Global().Query<Guid>("SELECT id FROM everything WHERE id IN @Ids", new { Ids = Array.Empty<Guid>() }, None));
    }

    [Theory, OnEveryEngine]
    public async Task ValuesCannotBecomeSql(Engine engine)
    {
        var db = databases[engine].Db;
        foreach (var evil in new[] { "'; DROP TABLE people; --", "\\'; DROP TABLE people; --", "\u00bf'; --", "a\0b", "%_", "{=x}", "?", "@Id" })
        {
            Assert.Equal(evil, await db.Global().QueryOne<string>("SELECT @Evil", new { Evil = evil }, None));
        }
    }

    [Theory, OnEveryEngine]
    public async Task AccentsTellEMailsApart(Engine engine)
    {
        var db = databases[engine].Db;
        const string insert = "INSERT INTO people (email) VALUES (@Email)";
        await db.Global().Execute(insert, new { Email = Sql.Email(" Rene@Example.com ") }, None);
        await db.Global().Execute(insert, new { Email = Sql.Email("René@example.com") }, None);

        var taken = await Assert.ThrowsAsync<UniqueViolation>(() => db.Global().Execute(insert, new { Email = Sql.Email("RENE@example.com") }, None));
        Assert.Equal("PRIMARY", taken.Key);
        Assert.Equal("rene@example.com", await db.Global().QueryOne<string>("SELECT email FROM people WHERE email = @Email", new { Email = "rene@example.com" }, None));
    }

    [Theory, OnEveryEngine]
    public async Task AnUpdateCountsTheRowsItFound(Engine engine)
    {
        var db = databases[engine].Db;
        var row = Sample(full: true);
        Assert.Equal(1, await db.Global().Execute(Insert, Args(row), None));
        Assert.Equal(1, await db.Global().Execute("UPDATE everything SET cents = @Cents WHERE id = @Id", new { row.Id, row.Cents }, None));
        Assert.Equal(0, await db.Global().Execute("UPDATE everything SET cents = 1 WHERE id = @Id AND cents = 2", new { row.Id }, None));
    }

    [Theory, OnEveryEngine]
    public async Task TlsIsUsedWhereTheServerOffersIt(Engine engine)
    {
        var (_, cipher) = await databases[engine].Db.Global().QueryOne<(string, string)>("SHOW SESSION STATUS LIKE 'Ssl_cipher'", None);
        var offered = (await databases[engine].AsAdmin<string>("SELECT VARIABLE_VALUE FROM "
            + (engine == Engine.MySql ? "performance_schema.global_status" : "information_schema.global_status") + " WHERE VARIABLE_NAME = 'Ssl_accepts'")) is [not "0"];
        Assert.Equal(offered, cipher.Length > 0);
        if (engine == Engine.MySql) Assert.NotEmpty(cipher);
    }
}
