using System.Diagnostics;
using System.Text;
using FitFlow.Contracts.Identity;
using FitFlow.Data.Events;
using FitFlow.ServiceDefaults;

namespace FitFlow.Data.Tests.Events;

[Collection("events")]
public sealed class AppendTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task IsInTheLogIfAndOnlyIfTheTransactionCommits()
    {
        await using var world = await EventWorld.Create();
        var counter = Id();

        await Assert.ThrowsAsync<InvalidOperationException>(() => world.Db.Global().InTransaction(tx =>
        {
            tx.Append(new Counted(counter, 1));
            throw new InvalidOperationException("Changed my mind.");
        }, Ct));
        await world.Append(new Counted(counter, 2));

        var logged = Assert.Single(await world.Logged());
        Assert.Equal($$"""{"counter":"{{counter}}","number":2}""", logged.Payload);
    }

    [Theory, OnEveryEngine]
    public async Task KeepsOrderAndSaysForWhomAndWhy(Engine engine)
    {
        await using var world = await EventWorld.Create(engine);
        var (studio, counter, user) = (Id(), Id(), Id());
        using var request = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        Correlation.Begin(new Correlation("because", user));

        // More than fit in one INSERT.
        await world.Append(studio, [.. Enumerable.Range(1, 250).Select(number => new Counted(counter, number))]);

        var logged = await world.Logged();
        Assert.Equal(Enumerable.Range(1, 250).Select(number => $$"""{"counter":"{{counter}}","number":{{number}}}"""), logged.Select(e => e.Payload));
        Assert.All(logged, e => Assert.Equal(
            ("test.counted", studio, user, "because", counter, request.Id),
            (e.Type, e.TenantId!.Value, e.UserId!.Value, e.CorrelationId, e.AggregateId, e.TraceParent)));
        Assert.Equal(250, logged.Select(e => e.Id).Distinct().Count());
    }

    [Fact]
    public async Task IsDoneOnceWhenTheWorkIsDoneAgainAfterADeadlock()
    {
        await using var world = await EventWorld.Create();
        var attempts = 0;

        await world.Db.Global().InTransaction(tx =>
        {
            tx.Append(new Counted(Id(), ++attempts));
            return attempts < 3 ? throw new LockConflict(new InvalidOperationException("As if it had deadlocked.")) : Task.CompletedTask;
        }, Ct);

        Assert.EndsWith("\"number\":3}", Assert.Single(await world.Logged()).Payload, StringComparison.Ordinal);
    }

    /// <summary>What others have built upon. A change that breaks this breaks them.</summary>
    [Fact]
    public async Task UserRegisteredLooksLikeThisOnTheWire()
    {
        await using var world = await EventWorld.Create();
        var user = Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8057");
        Correlation.Begin(new Correlation("f00", UserId: null));

        await world.Db.Global().InTransaction(tx =>
        {
            tx.Append(new UserRegistered(user, "zoë's \"role\""));
            return Task.CompletedTask;
        }, Ct);

        var logged = Assert.Single(await world.Logged()) with
        {
            Id = Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8058"),
            Seq = 42,
            CreatedAt = new DateTimeOffset(2027, 3, 8, 10, 0, 0, 123, 456, TimeSpan.Zero),
        };
        Assert.Equal(
            """
            {"event_id":"01890a5d-ac96-774b-bcce-b302099a8058","event":"user.registered","timestamp":"2027-03-08T10:00:00.123456Z",
            "correlation_id":"f00","tenant_id":null,"aggregate_id":"01890a5d-ac96-774b-bcce-b302099a8057","version":42,
            "data":{"user_id":"01890a5d-ac96-774b-bcce-b302099a8057","role":"zo\u00EB\u0027s \u0022role\u0022"}}
            """.ReplaceLineEndings(""),
            Encoding.UTF8.GetString(logged.ToWire().Span));
    }

    internal static Guid Id() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
}
