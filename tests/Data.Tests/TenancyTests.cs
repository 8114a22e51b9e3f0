using MySql.Data.MySqlClient;

namespace FitFlow.Data.Tests;

public sealed class TenancyTests(TenancyTests.Schema databases) : IClassFixture<TenancyTests.Schema>
{
    private const int AccessDenied = 1142;
    private static readonly CancellationToken None = CancellationToken.None;

    private static Guid NewId() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    public sealed class Schema() : Databases(
        """
        CREATE TABLE bookings_rows (
          tenant_id BINARY(16) NOT NULL,
          id        BINARY(16) NOT NULL,
          room_id   BINARY(16) NULL,
          starts_at DATETIME(6) NOT NULL,
          note      VARCHAR(100) NOT NULL,
          PRIMARY KEY (tenant_id, id),
          KEY by_start (tenant_id, starts_at, id)
        );
        CREATE TABLE rooms_rows (
          tenant_id BINARY(16) NOT NULL,
          id        BINARY(16) NOT NULL,
          name      VARCHAR(100) NOT NULL,
          PRIMARY KEY (tenant_id, id)
        );
        CREATE TABLE logs_rows (
          owner_id BINARY(16) NOT NULL,
          id       BINARY(16) NOT NULL,
          note     VARCHAR(100) NOT NULL,
          PRIMARY KEY (owner_id, id)
        );
        CREATE TABLE members_rows (
          tenant_id BINARY(16) NOT NULL,
          owner_id  BINARY(16) NOT NULL,
          role      VARCHAR(20) NOT NULL,
          PRIMARY KEY (tenant_id, owner_id),
          KEY of_a_person (owner_id, tenant_id)
        );
        CREATE TABLE person_busy (
          person_id BINARY(16) NOT NULL PRIMARY KEY,
          until     DATETIME(6) NULL
        );
        """);

    [Theory, OnEveryEngine]
    public async Task AForgottenFilterShowsOnlyTheStudiosOwnRows(Engine engine)
    {
        var db = databases[engine].Db;
        var (mine, other) = (NewId(), NewId());
        var id = await Book(db, mine, "mine");
        await Book(db, other, "other");

        Assert.Equal([id], await db.ForTenant(mine).Query<Guid>("SELECT id FROM bookings", None));
        Assert.Equal(1, await db.ForTenant(mine).QueryOne<long>("SELECT COUNT(*) FROM bookings", None));
    }

    [Theory, OnEveryEngine]
    public async Task AnotherStudiosIdFindsNothing(Engine engine)
    {
        var db = databases[engine].Db;
        var (mine, other) = (NewId(), NewId());
        var id = await Book(db, other, "other");
        var args = new { Id = id, Other = other };

        Assert.Null(await db.ForTenant(mine).QueryOne<string>("SELECT note FROM bookings WHERE id = @Id", args, None));
        Assert.Null(await db.ForTenant(mine).QueryOne<string>("SELECT note FROM bookings WHERE tenant_id = @Other AND id = @Id", args, None));
        Assert.Null(await db.ForTenant(mine).QueryOne<string>("SELECT note FROM bookings WHERE tenant_id = @Other OR 1 = 1", args, None));
        Assert.Equal(0, await db.ForTenant(mine).Execute("UPDATE bookings SET note = 'stolen' WHERE id = @Id", args, None));
        Assert.Equal(0, await db.ForTenant(mine).Execute("DELETE FROM bookings WHERE id = @Id", args, None));
        Assert.Equal("other", await db.ForTenant(other).QueryOne<string>("SELECT note FROM bookings WHERE id = @Id", args, None));
    }

    [Theory, OnEveryEngine]
    public async Task AnInsertIntoAnotherStudioFails(Engine engine)
    {
        var db = databases[engine].Db;
        var other = NewId();

        await Assert.ThrowsAsync<TenantViolation>(() => Book(db, NewId(), "smuggled", into: other));
        await Assert.ThrowsAsync<TenantViolation>(() => db.ForTenant(NewId()).Execute(
            "INSERT INTO bookings (tenant_id, id, starts_at, note) SELECT @Other, @Id, '2026-01-01', 'smuggled'", new { Other = other, Id = NewId() }, None));
        Assert.Equal(0, await db.ForTenant(other).QueryOne<long>("SELECT COUNT(*) FROM bookings", None));
    }

    [Theory, OnEveryEngine]
    public async Task AnUpdateIntoAnotherStudioFails(Engine engine)
    {
        var db = databases[engine].Db;
        var (mine, other) = (NewId(), NewId());
        var id = await Book(db, mine, "mine");

        await Assert.ThrowsAsync<TenantViolation>(() =>
            db.ForTenant(mine).Execute("UPDATE bookings SET tenant_id = @Other WHERE id = @Id", new { Id = id, Other = other }, None));
        await Assert.ThrowsAsync<TenantViolation>(() => db.ForTenant(mine).Execute(
            """
            INSERT INTO bookings (tenant_id, id, starts_at, note)
            VALUES (@Mine, @Id, '2026-01-01', 'x')
            ON DUPLICATE KEY UPDATE tenant_id = @Other
            """, new { Mine = mine, Id = id, Other = other }, None));
        Assert.Equal("mine", await db.ForTenant(mine).QueryOne<string>("SELECT note FROM bookings", None));
    }

    [Theory, OnEveryEngine]
    public async Task AnInsertThatNamesNoStudioFails(Engine engine)
    {
        var db = databases[engine].Db;

        await Assert.ThrowsAnyAsync<Exception>(() => db.ForTenant(NewId()).Execute(
            "INSERT INTO bookings (id, starts_at, note) VALUES (@Id, '2026-01-01', 'x')", new { Id = NewId() }, None));
    }

    [Theory, OnEveryEngine]
    public async Task AnUpsertThatMeetsAnotherStudiosRowLeavesItAlone(Engine engine)
    {
        var db = databases[engine].Db;
        var (mine, other) = (NewId(), NewId());
        var id = await Book(db, other, "other");

        await db.ForTenant(mine).Execute(
            """
            INSERT INTO bookings (tenant_id, id, starts_at, note)
            VALUES (@Mine, @Id, '2026-01-01', 'mine')
            ON DUPLICATE KEY UPDATE note = 'overwritten'
            """, new { Mine = mine, Id = id }, None);

        Assert.Equal("other", await db.ForTenant(other).QueryOne<string>("SELECT note FROM bookings", None));
    }

    [Theory, OnEveryEngine]
    public async Task JoinsSubqueriesAndUnionsStayInside(Engine engine)
    {
        var db = databases[engine].Db;
        var (mine, other) = (NewId(), NewId());
        foreach (var studio in new[] { mine, other })
        {
            var room = NewId();
            await db.ForTenant(studio).Execute("INSERT INTO rooms (tenant_id, id, name) VALUES (@Studio, @Room, 'a')", new { Studio = studio, Room = room }, None);
            await Book(db, studio, "x", room: room);
        }

        foreach (var sql in new[]
        {
            "SELECT b.tenant_id FROM bookings b JOIN rooms r ON r.name = 'a'",
            "SELECT r.tenant_id FROM bookings b LEFT JOIN rooms r ON r.id = b.room_id",
            "SELECT tenant_id FROM rooms r WHERE EXISTS (SELECT 1 FROM bookings b WHERE b.note = 'x')",
            "SELECT (SELECT MAX(r.tenant_id) FROM rooms r) FROM bookings",
            "SELECT tenant_id FROM bookings UNION SELECT tenant_id FROM rooms",
            "WITH both_ AS (SELECT tenant_id FROM rooms) SELECT tenant_id FROM both_",
            "SELECT x.tenant_id FROM (SELECT tenant_id, COUNT(*) AS n FROM bookings GROUP BY tenant_id) x",
        })
        {
            Assert.Equal([mine], await db.ForTenant(mine).Query<Guid>(sql, None));
        }

        Assert.Equal(1, await db.ForTenant(mine).Execute("UPDATE bookings b JOIN rooms r ON r.name = 'a' SET b.note = 'y'", None));
        Assert.Equal("x", await db.ForTenant(other).QueryOne<string>("SELECT note FROM bookings", None));
    }

    [Theory, OnEveryEngine]
    public async Task ForUpdateLocksOnlyTheStudiosOwnRows(Engine engine)
    {
        var db = databases[engine].Db;
        var (mine, other) = (NewId(), NewId());
        await Book(db, mine, "mine");
        await Book(db, other, "other");

        await db.ForTenant(mine).InTransaction(async tx =>
        {
            Assert.Single(await tx.Query<Guid>("SELECT id FROM bookings FOR UPDATE"));
            // Would wait for the lock, and fail, were the other studio's row locked too.
            Assert.Equal(1, await db.ForTenant(other).Execute("UPDATE bookings SET note = 'moved'", None));
        }, None);
    }

    [Theory, OnEveryEngine]
    public async Task AConnectionThatServedAnotherStudioForgetsIt(Engine engine)
    {
        var database = databases[engine];
        var (mine, other) = (NewId(), NewId());
        await Book(database.Db, mine, "mine");
        await using var pool = new Pool(database.Of("service"), 1);
        await using (var first = await pool.Open(None))
        {
            Assert.Single(await first.Query<string>(new Acting(mine, null), false, "SELECT note FROM bookings", null, None));
        }

        await using var second = await pool.Open(None);
        Assert.Empty(await second.Query<string>(new Acting(other, null), false, "SELECT note FROM bookings", null, None));
        Assert.Empty(await second.Query<string>(Acting.Nobody, false, "SELECT note FROM bookings", null, None));
        Assert.Single(await second.Query<string>(new Acting(mine, null), false, "SELECT note FROM bookings", null, None));
    }

    [Theory, OnEveryEngine]
    public async Task WithoutAStudioThereIsNothing(Engine engine)
    {
        var db = databases[engine].Db;
        await Book(db, NewId(), "mine");

        Assert.Empty(await db.Global().Query<Guid>("SELECT id FROM bookings", None));
        Assert.Empty(await db.ForPerson(NewId()).Query<Guid>("SELECT id FROM bookings", None));
        await Assert.ThrowsAsync<TenantViolation>(() => db.Global().Execute(
            "INSERT INTO bookings (tenant_id, id, starts_at, note) VALUES (@T, @Id, '2026-01-01', 'x')", new { T = NewId(), Id = NewId() }, None));
        Assert.Throws<ArgumentException>(() => db.ForTenant(Guid.Empty));
        Assert.Throws<ArgumentException>(() => db.ForPerson(Guid.Empty));

        // Not even when nobody ever set the variable on this connection.
        await using var raw = await AdminConnection.Open(databases[engine].Of("service"), None);
        Assert.Equal([0], await raw.Query<long>("SELECT COUNT(*) FROM bookings", None));
    }

    [Theory, OnEveryEngine]
    public async Task APersonsRowsFollowThePerson(Engine engine)
    {
        var db = databases[engine].Db;
        var (me, other, studio) = (NewId(), NewId(), NewId());
        const string insert = "INSERT INTO logs (owner_id, id, note) VALUES (@Owner, @Id, 'x')";
        await db.ForPerson(me).Execute(insert, new { Owner = me, Id = NewId() }, None);

        Assert.Single(await db.ForPerson(me).Query<Guid>("SELECT id FROM logs", None));
        Assert.Empty(await db.ForPerson(other).Query<Guid>("SELECT id FROM logs", None));
        Assert.Empty(await db.ForTenant(studio).Query<Guid>("SELECT id FROM logs", None));
        await Assert.ThrowsAsync<TenantViolation>(() => db.ForPerson(me).Execute(insert, new { Owner = other, Id = NewId() }, None));

        await db.ForTenant(studio).InTransaction(async tx =>
        {
            await tx.ForPerson(me).Execute(insert, new { Owner = me, Id = NewId() });
            await tx.ForPerson(other).Execute(insert, new { Owner = other, Id = NewId() });
            await Assert.ThrowsAsync<TenantViolation>(() => tx.Execute(insert, new { Owner = me, Id = NewId() }));
        }, None);
        Assert.Equal(2, await db.ForPerson(me).QueryOne<int>("SELECT COUNT(*) FROM logs", None));
        Assert.Equal(1, await db.ForPerson(other).QueryOne<int>("SELECT COUNT(*) FROM logs", None));
    }

    [Theory, OnEveryEngine]
    public async Task APersonReadsTheirOwnRowsOfEveryStudio(Engine engine)
    {
        var db = databases[engine].Db;
        var (me, other, one, two) = (NewId(), NewId(), NewId(), NewId());
        foreach (var (studio, person) in new[] { (one, me), (two, me), (one, other) }) await Join(db, studio, person);

        Assert.Equal(new[] { one, two }.Order(), (await db.ForPerson(me).Query<Guid>("SELECT tenant_id FROM members_mine", None)).Order());
        Assert.Equal([one], await db.ForPerson(other).Query<Guid>("SELECT tenant_id FROM members_mine WHERE owner_id = @Me OR 1 = 1", new { me }, None));
        Assert.Empty(await db.ForTenant(one).Query<Guid>("SELECT tenant_id FROM members_mine", None));
        Assert.Empty(await db.Global().Query<Guid>("SELECT tenant_id FROM members_mine", None));
        Assert.Empty(await db.ForPerson(me).Query<Guid>("SELECT tenant_id FROM members", None));
        Assert.Equal(2, await db.ForTenant(one).QueryOne<int>("SELECT COUNT(*) FROM members", None));
        Assert.Equal(2, await db.ForTenant(one).InTransaction(tx => tx.ForPerson(me).QueryOne<int>("SELECT COUNT(*) FROM members_mine"), None));
    }

    [Theory, OnEveryEngine]
    public async Task WhatAPersonReadsAcrossStudiosIsWrittenInTheStudioOnly(Engine engine)
    {
        var db = databases[engine].Db;
        var (me, studio) = (NewId(), NewId());
        await Join(db, studio, me);
        foreach (var sql in new[]
        {
            "UPDATE members_mine SET role = 'owner'", "DELETE FROM members_mine",
            "INSERT INTO members_mine (tenant_id, owner_id, role) VALUES (@Studio, @Me, 'owner')",
        })
        {
            var denied = await Assert.ThrowsAsync<MySqlException>(() => db.ForPerson(me).Execute(sql, new { studio, me }, None));
            Assert.True(denied.Number == AccessDenied, $"{sql}: {denied.Number} {denied.Message}");
        }

        await Assert.ThrowsAsync<TenantViolation>(() => db.ForPerson(me).Execute(
            "INSERT INTO members (tenant_id, owner_id, role) VALUES (@Studio, @Me, 'owner')", new { Studio = NewId(), me }, None));
        Assert.Equal("client", await db.ForPerson(me).QueryOne<string>("SELECT role FROM members_mine", None));
    }

    [Theory, OnEveryEngine]
    public async Task APersonsReadingWaitsForAChangeUnderWay(Engine engine)
    {
        var db = databases[engine].Db;
        var (me, studio) = (NewId(), NewId());
        await Join(db, studio, me);

        Task<string?> reading = null!;
        await db.ForTenant(studio).InTransaction(async tx =>
        {
            await tx.Execute("UPDATE members SET role = 'trainer'");
            reading = db.ForPerson(me).QueryOne<string>("SELECT role FROM members_mine LOCK IN SHARE MODE", None);
            Assert.Equal("client", await db.ForPerson(me).QueryOne<string>("SELECT role FROM members_mine", None));
        }, None);

        Assert.Equal("trainer", await reading);
    }

    [Theory, OnEveryEngine]
    public async Task TheServiceMayNotTouchWhatIsBehindTheViews(Engine engine)
    {
        var db = databases[engine].Db;
        foreach (var sql in new[]
        {
            "SELECT id FROM bookings_rows", "SELECT id FROM bookings_across", "DELETE FROM bookings_rows", "DROP VIEW bookings", "DROP TABLE person_busy",
            "CREATE TABLE mine (id INT)", "ALTER TABLE bookings_rows ADD x INT", "CREATE OR REPLACE VIEW bookings AS SELECT 1 AS id", "TRUNCATE TABLE bookings_rows",
            "UPDATE schema_migrations SET applied_at = NULL",
        })
        {
            var denied = await Assert.ThrowsAsync<MySqlException>(() => db.ForTenant(NewId()).Execute(sql, None));
            Assert.True(denied.Number == AccessDenied, $"{sql}: {denied.Number} {denied.Message}");
        }

        var function = await Assert.ThrowsAsync<MySqlException>(() => db.Global().Execute("DROP FUNCTION current_tenant", None));
        Assert.Contains("denied", function.Message, StringComparison.Ordinal);
    }

    [Theory, OnEveryEngine]
    public async Task TheSharedTablesAreTheServicesOwn(Engine engine)
    {
        var db = databases[engine].Db;
        var person = NewId();
        await db.ForTenant(NewId()).Execute("INSERT INTO person_busy (person_id) VALUES (@Person)", new { Person = person }, None);

        Assert.Equal(1, await db.Global().Execute("UPDATE person_busy SET until = '2026-01-01' WHERE person_id = @Person", new { Person = person }, None));
        Assert.Equal(1, await db.Global().Execute("DELETE FROM person_busy WHERE person_id = @Person", new { Person = person }, None));
    }

    [Theory, OnEveryEngine]
    public async Task AcrossReadsEveryStudioAndWritesNothing(Engine engine)
    {
        var db = databases[engine].Db;
        var (mine, other) = (NewId(), NewId());
        await Book(db, mine, "mine");
        await Book(db, other, "other");
        var across = db.AcrossTenants("reminders");

        Assert.Equal(["mine", "other"], await across.Query<string>(
            "SELECT note FROM bookings_across WHERE tenant_id IN @Studios ORDER BY note", new { Studios = new[] { mine, other } }, None));
        Assert.Empty(await across.Query<Guid>("SELECT person_id FROM person_busy WHERE until IS NOT NULL AND 1 = 0", None));
        foreach (var sql in new[]
        {
            "DELETE FROM bookings_across", "UPDATE bookings_across SET note = 'x'", "SELECT id FROM bookings_rows", "SELECT id FROM bookings",
            "INSERT INTO person_busy (person_id) VALUES ('x')", "DELETE FROM person_busy", "SELECT name FROM schema_migrations",
        })
        {
            var denied = await Assert.ThrowsAsync<MySqlException>(() => across.Execute(sql, None));
            Assert.True(denied.Number == AccessDenied, $"{sql}: {denied.Number} {denied.Message}");
        }

        Assert.Throws<ArgumentException>(() => db.AcrossTenants(" "));
    }

    [Theory, OnEveryEngine]
    public async Task WhatWouldTurnAViolationIntoAWarningIsRefused(Engine engine)
    {
        var db = databases[engine].Db;
        foreach (var sql in new[]
        {
            "INSERT IGNORE INTO bookings (tenant_id) VALUES (1)", "insert low_priority ignore into bookings (tenant_id) values (1)",
            "UPDATE IGNORE bookings SET tenant_id = 1", "REPLACE INTO bookings (tenant_id) VALUES (1)", "replace bookings set tenant_id = 1",
        })
        {
            await Assert.ThrowsAsync<ArgumentException>(() => db.ForTenant(NewId()).Execute(sql, None));
        }

        Assert.Equal("INSERT IGNORE b", await db.Global().QueryOne<string>("SELECT REPLACE('INSERT IGNORE a', 'a', 'b') /* REPLACE INTO */", None));
    }

    [Theory, OnEveryEngine]
    public async Task NobodyWalksOutThroughTheVariable(Engine engine)
    {
        var db = databases[engine].Db;
        await Assert.ThrowsAsync<ArgumentException>(() => db.ForTenant(NewId()).Execute("SET @fitflow_tenant = NULL", None));
        await Assert.ThrowsAsync<ArgumentException>(() => db.ForTenant(NewId()).Query<int>("SELECT 1 FROM (SELECT @fitflow_tenant := NULL) x", None));
    }

    [Theory, OnEveryEngine]
    public async Task AViewTouchesOnlyTheRowsItReturns(Engine engine)
    {
        var database = databases[engine];
        // Fifty studios, four hundred bookings each, an hour apart, each in a room of its own.
        await using (var admin = await AdminConnection.Open($"{database.Server};Database={database.Name}", None))
        {
            await admin.Execute(
                """
                INSERT INTO bookings_rows (tenant_id, id, room_id, starts_at, note)
                WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 399), s (j) AS (SELECT 1 UNION ALL SELECT j + 1 FROM s WHERE j < 50)
                SELECT UNHEX(LPAD(HEX(j), 32, '0')), UNHEX(LPAD(HEX(i + 1), 32, '0')), UNHEX(LPAD(HEX(i + 1), 32, '0')), '2026-01-01' + INTERVAL i HOUR, 'x'
                FROM n CROSS JOIN s
                """, None);
            await admin.Execute("INSERT INTO members_rows (tenant_id, owner_id, role) SELECT tenant_id, id, 'client' FROM bookings_rows", None);
            await admin.Execute("INSERT INTO rooms_rows (tenant_id, id, name) SELECT tenant_id, id, 'r' FROM bookings_rows", None);
        }

        var studio = new Guid([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7], bigEndian: true);
        await database.AsAdmin($"ANALYZE TABLE {database.Name}.bookings_rows, {database.Name}.rooms_rows, {database.Name}.members_rows");
        var from = new DateTime(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc);
        await using var pool = new Pool(database.Of("service"), 1);
        await using var session = await pool.Open(None);

        Assert.InRange(await Touched("SELECT id FROM bookings WHERE starts_at >= @From AND starts_at < @To", 24), 1, 26);
        Assert.InRange(await Touched("SELECT id FROM bookings WHERE (starts_at, id) > (@From, @Id) ORDER BY starts_at, id LIMIT 10", 10), 1, 60);
        Assert.InRange(await Touched("SELECT id FROM bookings WHERE starts_at >= @From AND (starts_at > @From OR id > @Id) ORDER BY starts_at, id LIMIT 10", 10), 1, 12);
        Assert.InRange(await Touched("SELECT b.id FROM bookings b JOIN rooms r ON r.id = b.room_id WHERE b.starts_at >= @From AND b.starts_at < @To", 24), 1, 50);

        Assert.InRange(await Touched("SELECT tenant_id FROM members_mine", 50), 1, 52);

        async Task<long> Touched(string sql, int rows)
        {
            var acting = new Acting(studio, studio);
            var args = new { From = from, To = from.AddDays(1), Id = Guid.Parse("00000000-0000-7000-8000-000000000000") };
            await session.Query<long>(acting, false, "SELECT 1", null, None);
            var before = await Handlers();
            Assert.Equal(rows, (await session.Query<Guid>(acting, false, sql, args, None)).Count);
            return await Handlers() - before;

            async Task<long> Handlers() =>
                (await session.Query<(string Name, long Value)>(acting, false, "SHOW SESSION STATUS LIKE 'Handler_read%'", null, None))
                .Where(handler => !handler.Name.Contains("rnd", StringComparison.OrdinalIgnoreCase)).Sum(handler => handler.Value);
        }
    }

    private static Task Join(Db db, Guid studio, Guid person) => db.ForTenant(studio).Execute(
        "INSERT INTO members (tenant_id, owner_id, role) VALUES (@Studio, @Person, 'client')", new { studio, person }, None);

    private static async Task<Guid> Book(Db db, Guid studio, string note, Guid? into = null, Guid? room = null)
    {
        var id = NewId();
        await db.ForTenant(studio).Execute(
            "INSERT INTO bookings (tenant_id, id, room_id, starts_at, note) VALUES (@Into, @Id, @Room, '2026-01-01', @Note)",
            new { Into = into ?? studio, Id = id, Room = room, Note = note }, None);
        return id;
    }
}
