namespace FitFlow.Data.Tests;

public sealed class TransactionTests(TransactionTests.Schema databases) : IClassFixture<TransactionTests.Schema>
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static Guid NewId() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    public sealed class Schema() : Databases(
        """
        CREATE TABLE slots (
          id    BINARY(16) NOT NULL PRIMARY KEY,
          taken INT NOT NULL,
          CONSTRAINT one_each UNIQUE (taken, id)
        );
        """);

    [Theory, OnEveryEngine]
    public async Task ItIsReadCommitted(Engine engine)
    {
        var db = databases[engine].Db;
        var slot = await Slot(db);
        await db.Global().InTransaction(async tx =>
        {
            Assert.Equal(0, await Taken(tx, slot));
            await db.Global().Execute("UPDATE slots SET taken = 1 WHERE id = @Slot", new { Slot = slot }, None);
            Assert.Equal(1, await Taken(tx, slot));
        }, None);
    }

    [Theory, OnEveryEngine]
    public async Task OfTwentyRacersForOneSlotExactlyOneWins(Engine engine)
    {
        var db = databases[engine].Db;
        var slot = await Slot(db);
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => db.Global().InTransaction(async tx =>
        {
            await tx.QueryOne<Guid>("SELECT id FROM slots WHERE id = @Slot FOR UPDATE", new { Slot = slot });
            if (await Taken(tx, slot) > 0) return false;
            return await tx.Execute("UPDATE slots SET taken = taken + 1 WHERE id = @Slot", new { Slot = slot }) == 1;
        }, None))));

        Assert.Single(results, won => won);
        Assert.Equal(1, await db.Global().QueryOne<int>("SELECT taken FROM slots WHERE id = @Slot", new { Slot = slot }, None));
    }

    [Theory, OnEveryEngine]
    public async Task WhatThrowsIsRolledBack(Engine engine)
    {
        var db = databases[engine].Db;
        var slot = await Slot(db);
        await Assert.ThrowsAsync<InvalidDataException>(() => db.Global().InTransaction(async tx =>
        {
            await tx.Execute("UPDATE slots SET taken = 5 WHERE id = @Slot", new { Slot = slot });
            throw new InvalidDataException();
        }, None));
        Assert.Equal(0, await db.Global().QueryOne<int>("SELECT taken FROM slots WHERE id = @Slot", new { Slot = slot }, None));
    }

    [Theory, OnEveryEngine]
    public async Task OnlyACommitIsFollowedByWhatComesAfterIt(Engine engine)
    {
        var db = databases[engine].Db;
        var slot = await Slot(db);
        var heard = new List<string>();
        await Assert.ThrowsAsync<InvalidDataException>(() => db.Global().InTransaction(async tx =>
        {
            tx.AfterCommit(() => heard.Add("rolled back"));
            await Taken(tx, slot);
            throw new InvalidDataException();
        }, None));

        await db.Global().InTransaction(async tx =>
        {
            tx.AfterCommit(() => heard.Add("committed"));
            await tx.Execute("UPDATE slots SET taken = 3 WHERE id = @Slot", new { Slot = slot });
            tx.AfterCommit(async ct => heard.Add($"taken {await db.Global().QueryOne<int>("SELECT taken FROM slots WHERE id = @Slot", new { Slot = slot }, ct)}"));
            Assert.Empty(heard);
        }, None);

        Assert.Equal(["committed", "taken 3"], heard);
    }

    [Theory, OnEveryEngine]
    public async Task WhatALostAttemptWantedDoneAfterwardsIsForgotten(Engine engine)
    {
        var db = databases[engine].Db;
        var slot = await Slot(db);
        var (attempts, heard) = (0, new List<int>());
        await db.Global().InTransaction(async tx =>
        {
            var attempt = ++attempts;
            tx.AfterCommit(() => heard.Add(attempt));
            await Taken(tx, slot);
            if (attempt < 3) throw new LockConflict(new InvalidOperationException());
        }, None);

        Assert.Equal([3], heard);
    }

    [Theory, OnEveryEngine]
    public async Task WhatFailsOrHangsAfterTheCommitIsNoFaultOfIt(Engine engine)
    {
        var db = databases[engine].Db;
        var slot = await Slot(db);
        var heard = false;
        Assert.Equal(1, await db.Global().InTransaction(async tx =>
        {
            tx.AfterCommit(() => throw new InvalidDataException());
            tx.AfterCommit(_ => Task.FromException(new LockConflict(new InvalidDataException())));
            tx.AfterCommit(() => heard = true);
            tx.AfterCommit(_ => new TaskCompletionSource().Task);
            return await tx.Execute("UPDATE slots SET taken = taken + 1 WHERE id = @Slot", new { Slot = slot });
        }, None));

        Assert.True(heard);
        Assert.Equal(1, await db.Global().QueryOne<int>("SELECT taken FROM slots WHERE id = @Slot", new { Slot = slot }, None));
    }

    [Theory, OnEveryEngine]
    public async Task ADeadlockIsWorkedThroughByItself(Engine engine)
    {
        var db = databases[engine].Db;
        var (a, b) = (await Slot(db), await Slot(db));
        var runs = 0;
        var bothHoldOne = new Barrier(2);
        await Task.WhenAll(Cross(a, b), Cross(b, a));

        Assert.Equal(3, runs);
        Assert.Equal([2, 2], await db.Global().Query<int>("SELECT taken FROM slots WHERE id IN @Ids", new { Ids = new[] { a, b } }, None));

        Task Cross(Guid first, Guid second)
        {
            var mine = 0;
            return Task.Run(() => db.Global().InTransaction(async tx =>
            {
                Interlocked.Increment(ref runs);
                await tx.Execute("UPDATE slots SET taken = taken + 1 WHERE id = @Id", new { Id = first });
                if (mine++ == 0) bothHoldOne.SignalAndWait(TimeSpan.FromSeconds(30));
                await tx.Execute("UPDATE slots SET taken = taken + 1 WHERE id = @Id", new { Id = second });
            }, None));
        }
    }

    [Theory, OnEveryEngine]
    public async Task CancellingStopsTheStatementAndLeavesTheConnectionUsable(Engine engine)
    {
        var database = databases[engine];
        await using var pool = new Pool(database.Of("service"), 1);
        var scope = new DbScope(pool, Acting.Nobody, TimeProvider.System);
        var slot = await Slot(database.Db);
        for (var i = 0; i < 3; i++)
        {
            using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scope.InTransaction(async tx =>
            {
                await tx.Execute("UPDATE slots SET taken = 9 WHERE id = @Slot", new { Slot = slot });
                await tx.Query<int>("SELECT SLEEP(30)");
            }, cancel.Token));
            Assert.Equal(0, await scope.QueryOne<int>("SELECT taken FROM slots WHERE id = @Slot", new { Slot = slot }, None));
        }

        using var already = new CancellationTokenSource();
        await already.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scope.Query<int>("SELECT 1", already.Token));
        Assert.Equal(0, pool.InUse);
    }

    [Theory, OnEveryEngine]
    public async Task WhoWaitsForAConnectionGetsItsTurn(Engine engine)
    {
        await using var pool = new Pool(databases[engine].Of("service"), 2);
        var scope = new DbScope(pool, Acting.Nobody, TimeProvider.System);
        var done = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => scope.QueryOne<int>("SELECT @I", new { I = i }, None)));

        Assert.Equal(Enumerable.Range(0, 300), done);
        Assert.Equal(0, pool.InUse);
    }

    [Theory, OnEveryEngine]
    public async Task AStatementThatFailsInsideLeavesTheTransactionToItsWork(Engine engine)
    {
        var db = databases[engine].Db;
        var slot = await Slot(db);
        await db.Global().InTransaction(async tx =>
        {
            await tx.Execute("UPDATE slots SET taken = 3 WHERE id = @Slot", new { Slot = slot });
            await Assert.ThrowsAsync<UniqueViolation>(() => tx.Execute("INSERT INTO slots (id, taken) VALUES (@Slot, 0)", new { Slot = slot }));
        }, None);
        Assert.Equal(3, await db.Global().QueryOne<int>("SELECT taken FROM slots WHERE id = @Slot", new { Slot = slot }, None));
    }

    [Theory, OnEveryEngine]
    public async Task ADeadlockThatTheWorkCatchesIsStillTheEndOfItsTransaction(Engine engine)
    {
        var db = databases[engine].Db;
        var (a, b) = (await Slot(db), await Slot(db));
        var (runs, caught) = (0, 0);
        var bothHoldOne = new Barrier(2);
        await Task.WhenAll(Cross(a, b), Cross(b, a));

        // The loser's first run left nothing behind.
        Assert.Equal((3, 1), (runs, caught));
        Assert.Equal([12, 12], await db.Global().Query<int>("SELECT taken FROM slots WHERE id IN @Ids", new { Ids = new[] { a, b } }, None));

        Task Cross(Guid first, Guid second)
        {
            var mine = 0;
            return Task.Run(() => db.Global().InTransaction(async tx =>
            {
                Interlocked.Increment(ref runs);
                await tx.Execute("UPDATE slots SET taken = taken + 1 WHERE id = @Id", new { Id = first });
                if (mine++ == 0) bothHoldOne.SignalAndWait(TimeSpan.FromSeconds(30));
                try
                {
                    await tx.Execute("UPDATE slots SET taken = taken + 1 WHERE id = @Id", new { Id = second });
                }
                catch (LockConflict)
                {
                    Interlocked.Increment(ref caught);
                }

                await tx.Execute("UPDATE slots SET taken = taken + 10 WHERE id = @Id", new { Id = first });
            }, None));
        }
    }

    [Theory, OnEveryEngine]
    public async Task AFailureThatTheWorkCatchesIsNotCommitted(Engine engine)
    {
        var db = databases[engine].Db;
        var slot = await Slot(db);

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => db.Global().InTransaction(async tx =>
        {
            await tx.Execute("UPDATE slots SET taken = 3 WHERE id = @Slot", new { Slot = slot });
            await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => tx.Execute("UPDATE slots SET nothing = 1"));
        }, None));

        Assert.Equal(0, await db.Global().QueryOne<int>("SELECT taken FROM slots WHERE id = @Slot", new { Slot = slot }, None));
    }

    [Theory, OnEveryEngine]
    public async Task AConnectionIsGivenBackAfterThePoolIsClosed(Engine engine)
    {
        var pool = new Pool(databases[engine].Of("service"), 1);
        var scope = new DbScope(pool, Acting.Nobody, TimeProvider.System);

        Assert.Equal(1, await scope.InTransaction(async tx =>
        {
            await pool.DisposeAsync();
            return await tx.QueryOne<int>("SELECT 1");
        }, None));
    }

    private static Task<int> Taken(Transaction tx, Guid slot) => tx.QueryOne<int>("SELECT taken FROM slots WHERE id = @Slot", new { Slot = slot });

    private static async Task<Guid> Slot(Db db)
    {
        var id = NewId();
        await db.Global().Execute("INSERT INTO slots (id, taken) VALUES (@Id, 0)", new { Id = id }, None);
        return id;
    }
}
