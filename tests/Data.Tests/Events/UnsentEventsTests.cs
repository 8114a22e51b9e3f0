using FitFlow.Data.Events;
using static FitFlow.Data.Tests.Events.AppendTests;

namespace FitFlow.Data.Tests.Events;

[Collection("events")]
public sealed class UnsentEventsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnEveryEngine]
    public async Task WhatCouldNotBeSentIsFoundAgainHoweverMuchWasSentBehindIt(Engine engine)
    {
        await using var world = await EventWorld.Create(engine);
        await world.Append([.. Enumerable.Range(1, 4).Select(number => new Counted(Id(), number))]);
        var clock = new ManualClock();
        await using var lease = await RelayLease.Acquire(world.Db.Service, seconds: 30, Ct);
        var unsent = new UnsentEvents(lease!, new EventSettings(), clock, settledAfter: TimeSpan.FromSeconds(5));

        var read = await unsent.Next(Ct);
        await unsent.Mark(read, [read[0].Seq, read[2].Seq, read[3].Seq], Ct);
        // Long enough for the sent ones to be settled, and too short for a sweep.
        clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal([read[1].Seq], (await unsent.Next(Ct)).Select(e => e.Seq));
        Assert.Equal(1, (await unsent.Measure(Ct))!.Value.Depth);

        await unsent.Mark([read[1]], [read[1].Seq], Ct);
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Empty(await unsent.Next(Ct));
        Assert.Equal(0, (await unsent.Measure(Ct))!.Value.Depth);
    }
}
