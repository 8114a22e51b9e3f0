using FitFlow.Data.Events;
using FitFlow.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;
using static FitFlow.Data.Tests.Events.AppendTests;

namespace FitFlow.Data.Tests.Events;

[Collection("events")]
public sealed class FailureTests
{
    private static readonly InvalidOperationException Failure = new("It did not work.");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AShortFaultIsTriedAgainAtOnceAndOnlyTheOneAtFaultWaits()
    {
        await using var world = await EventWorld.Create();
        await world.Start<Stumble>(stumbles: new Stumbles((e, attempt) => e.Number == 7 && attempt < 3 ? Failure : null));

        await world.Append([.. Enumerable.Range(1, 20).Select(number => new Counted(Id(), number))]);

        var effects = await world.EffectsOf(20);
        Assert.Equal(20, effects.Select(e => e.Number).Distinct().Count());
        Assert.Equal(0, await world.Count("inbox_retries"));
    }

    [Fact]
    public async Task ALongFaultWaitsAsARowAndSurvivesARestart()
    {
        await using var world = await EventWorld.Create();
        var first = await world.Start<Stumble>(
            EventWorld.Quick with { LongRetry = _ => TimeSpan.FromSeconds(5) }, new Stumbles((e, _) => e.Number == 2 ? Failure : null));
        var counter = Id();

        await world.Append(new Counted(Id(), 1), new Counted(counter, 2));
        await Eventually.Holds(async () => await world.Count("inbox_retries") == 1);
        await world.Append(new Counted(counter, 3), new Counted(Id(), 4));
        // The later one of the same aggregate waits behind it; the others do not.
        await Eventually.Holds(async () => await world.Count("inbox_retries") == 2);
        await world.EffectsOf(2);
        await world.Stop(first);
        Assert.Equal(2, await world.Count("inbox_retries"));
        await world.Start<Stumble>();

        Assert.Equal([2, 3], (await world.EffectsOf(4)).Where(e => e.Counter == counter).Select(e => e.Number));
        Assert.Equal(0, await world.Count("inbox_retries"));
        Assert.Equal(0u, await world.Waiting(world.TypeOf<Stumble>().ErrorQueue));
    }

    [Fact]
    public async Task WhatFailsForTooLongEndsInTheErrorQueueAndIsReplayedFromThere()
    {
        await using var world = await EventWorld.Create();
        var works = false;
        var replica = await world.Start<Stumble>(
            EventWorld.Quick with { GiveUpAfter = TimeSpan.FromMilliseconds(500) },
            new Stumbles((e, _) => e.Number == 2 && !Volatile.Read(ref works) ? Failure : null));
        var (queue, errors) = (world.TypeOf<Stumble>().Queue, world.TypeOf<Stumble>().ErrorQueue);
        await world.Append(new Counted(Id(), 1), new Counted(Id(), 2));
        await Eventually.Holds(async () => await world.Waiting(errors) == 1);
        await Eventually.Holds(async () => await world.Count("inbox_retries") == 0);
        // What was done already is in there, too: it is not done again.
        await world.Redeliver(errors);

        Volatile.Write(ref works, true);
        Assert.Equal(3, await replica.Services.GetRequiredService<EventLog>().ReplayErrors(queue, Ct));

        Assert.Equal([1, 2], (await world.EffectsOf(2)).Select(e => e.Number).Order());
        Assert.Equal(0u, await world.Waiting(errors));
    }

    [Theory]
    [InlineData("this is no JSON")]
    [InlineData("[1,2,3]")]
    [InlineData("""{"hello":"world"}""")]
    [InlineData("""{"event_id":"01890a5d-ac96-774b-bcce-b302099a8057","event":"test.counted","timestamp":"2027-03-08T10:00:00Z","correlation_id":"x","tenant_id":null,"aggregate_id":"01890a5d-ac96-774b-bcce-b302099a8057","version":1,"data":{"counter":"nobody","number":"many"}}""")]
    public async Task PoisonEndsInTheErrorQueueAndHoldsNobodyUp(string poison)
    {
        await using var world = await EventWorld.Create();
        await world.Start<Note>();

        await world.Put(world.TypeOf<Note>().Queue, poison);
        await world.Append([.. Enumerable.Range(1, 10).Select(number => new Counted(Id(), number))]);

        await world.EffectsOf(10);
        await Eventually.Holds(async () => await world.Waiting(world.TypeOf<Note>().ErrorQueue) == 1);
        Assert.Equal(0u, await world.Waiting(world.TypeOf<Note>().Queue));
    }

    [Fact]
    public async Task WhileTheDatabaseIsAwayMessagesStayInTheirQueue()
    {
        await using var world = await EventWorld.Create();
        var attempts = 0;
        // Only the inbox counts further than six.
        await world.Start<Note>(EventWorld.Quick with
        {
            Backoff = attempt =>
            {
                if (attempt > 6) Interlocked.Increment(ref attempts);
                return TimeSpan.FromMilliseconds(100);
            },
        });
        await world.Append(new Counted(Id(), 0));
        await world.EffectsOf(1);
        var logged = Enumerable.Range(1, 300).Select(number => new LoggedEvent(
            (ulong)(1000 + number), Id(), Id(), "test.counted", null, null, "x", $$"""{"counter":"{{Id()}}","number":{{number}}}""", null, TimeProvider.System.GetUtcNow())).ToList();

        world.MySqlCable.Cut();
        foreach (var e in logged) await world.Put(world.TypeOf<Note>().Queue, e.ToWire());
        await Eventually.Holds(() => Volatile.Read(ref attempts) >= 3);
        Assert.Equal(0u, await world.Waiting(world.TypeOf<Note>().ErrorQueue));
        Assert.Single(await world.AllEffects());
        world.MySqlCable.Restore();

        var effects = await world.EffectsOf(301);
        Assert.Equal(301, effects.Select(e => e.Number).Distinct().Count());
        Assert.Equal(0u, await world.Waiting(world.TypeOf<Note>().ErrorQueue));
        Assert.Equal(0, await world.Count("inbox_retries"));
    }

    [Fact]
    public async Task AnotherServiceThatIsAwayIsAFaultLikeAnyOther()
    {
        await using var world = await EventWorld.Create();
        await world.Start<Stumble>(stumbles: new Stumbles((_, attempt) => attempt < 6 ? new DependencyDownException("identity") : null));

        await world.Append(new Counted(Id(), 1));

        await world.EffectsOf(1);
    }
}
