using System.Diagnostics;
using System.Diagnostics.Metrics;
using FitFlow.Data.Events;
using FitFlow.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;
using static FitFlow.Data.Tests.Events.AppendTests;

namespace FitFlow.Data.Tests.Events;

[Collection("events")]
public sealed class InboxTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnEveryEngine]
    public async Task RedeliveryIsHarmless(Engine engine)
    {
        await using var world = await EventWorld.Create(engine);
        await world.Start<Note>();
        await world.Append([.. Enumerable.Range(1, 30).Select(number => new Counted(Id(), number))]);
        await world.EffectsOf(30);

        await world.Redeliver(world.TypeOf<Note>().Queue);
        await world.Redeliver(world.TypeOf<Note>().Queue);
        await world.Append(new Counted(Id(), 31));

        await world.EffectsOf(31);
    }

    [Fact]
    public async Task ReplicasShareTheWorkAndDoNothingTwice()
    {
        await using var world = await EventWorld.Create();
        await world.Start<Note>();
        await world.Start<Note>();
        await world.Append([.. Enumerable.Range(1, 300).Select(number => new Counted(Id(), number))]);
        await world.UntilSent();
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => world.Redeliver(world.TypeOf<Note>().Queue)));

        var effects = await world.EffectsOf(300);

        Assert.Equal(300, effects.Select(e => e.Number).Distinct().Count());
    }

    [Theory, OnEveryEngine]
    public async Task WhatWasDoneLongAgoIsForgotten(Engine engine)
    {
        await using var world = await EventWorld.Create(engine);
        var now = TimeProvider.System.GetUtcNow();
        await Processed(2_500, now.AddDays(-31));
        await Processed(3, now.AddDays(-29));

        await world.Start<Note>();

        await Eventually.Holds(async () => await world.Count("inbox") <= 3);
        Assert.Equal(3, await world.Count("inbox"));

        Task Processed(int count, DateTimeOffset at) => world.Db.Global().InTransaction(async tx =>
        {
            foreach (var ids in Enumerable.Range(0, count).Select(_ => Id()).Chunk(500))
            {
                await tx.Execute(
                    $"INSERT INTO inbox (consumer, message_id, processed_at) VALUES {string.Join(", ", ids.Select(id => $"('x', UNHEX('{id:N}'), @at)"))}",
                    new { at });
            }
        }, Ct);
    }

    [Fact]
    public async Task OnlyWhatWasDoneCountsAsProcessed()
    {
        var processed = 0;
        using var listener = new MeterListener { InstrumentPublished = (instrument, listener) => { if (instrument.Name == EventMetrics.AgeName) listener.EnableMeasurementEvents(instrument); } };
        await using var world = await EventWorld.Create();
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
        {
            foreach (var tag in tags)
            {
                if (tag is { Key: "consumer", Value: string queue } && queue == world.TypeOf<Note>().Queue) Interlocked.Increment(ref processed);
            }
        });
        listener.Start();
        await world.Start<Note>();
        await world.Append(new Counted(Id(), 1), new Counted(Id(), 2));
        await world.EffectsOf(2);

        await world.Redeliver(world.TypeOf<Note>().Queue);
        await world.Append(new Counted(Id(), 3));
        await world.EffectsOf(3);

        await Eventually.Holds(() => Volatile.Read(ref processed) >= 3);
        Assert.Equal(3, processed);
    }

    [Fact]
    public async Task WorksForTheStudioAndThePersonAndInTheTraceOfWhoeverAppended()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == EventMetrics.Source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        await using var world = await EventWorld.Create();
        await world.Start<Note>();
        var (studio, user) = (Id(), Id());
        using var request = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        Correlation.Begin(new Correlation("because", user));

        await world.Append(studio, new Counted(Id(), 1));
        await world.Append(new Counted(Id(), 2));

        var effects = await world.EffectsOf(2);
        Assert.Equal([(1, studio), (2, (Guid?)null)], effects.OrderBy(e => e.Number).Select(e => (e.Number, e.Tenant)));
        Assert.All(effects, e => Assert.Equal(("because", user, request.TraceId.ToHexString()), (e.CorrelationId, e.UserId!.Value, e.Trace!)));
    }

    [Fact]
    public async Task WhoeverKeepsTheNewestDropsWhatIsOlder()
    {
        await using var world = await EventWorld.Create();
        await world.Declare<KeepNewest>();
        await world.StartRelay();
        var (counter, other) = (Id(), Id());
        await world.Append(new Counted(counter, 1), new Counted(counter, 2), new Counted(counter, 3), new Counted(other, 1));
        await world.UntilSent();
        var logged = await world.Logged();
        await using (var channel = await world.Broker.Channel(Ct)) await channel.QueuePurgeAsync(world.TypeOf<KeepNewest>().Queue, Ct);
        await world.Start<KeepNewest>();

        foreach (var at in new[] { 1, 0, 2, 1, 3 }) await world.PutAndWait<KeepNewest>(logged[at]);

        var effects = await world.EffectsOf(3);
        Assert.Equal([(counter, 2), (counter, 3), (other, 1)], effects.Select(e => (e.Counter, e.Number)));
    }

    [Fact]
    public async Task WhoeverAddsUpLosesNothingThatComesLate()
    {
        await using var world = await EventWorld.Create();
        await world.Declare<Note>();
        await world.StartRelay();
        var counter = Id();
        await world.Append(new Counted(counter, 1), new Counted(counter, 2), new Counted(counter, 3));
        await world.UntilSent();
        var logged = await world.Logged();
        await using (var channel = await world.Broker.Channel(Ct)) await channel.QueuePurgeAsync(world.TypeOf<Note>().Queue, Ct);
        await world.Start<Note>();

        foreach (var at in new[] { 2, 0, 1 }) await world.PutAndWait<Note>(logged[at]);

        Assert.Equal([3, 1, 2], (await world.EffectsOf(3)).Select(e => e.Number));
    }
}
