using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using FitFlow.Data.Events;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using static FitFlow.Data.Tests.Events.AppendTests;

namespace FitFlow.Data.Tests.Events;

[Collection("events")]
public sealed class RelayTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EventsOfOneAggregateReachTheQueueInTheirOrder()
    {
        await using var world = await EventWorld.Create();
        await world.Declare<Note>();
        await world.StartRelay();
        var counters = Enumerable.Range(0, 8).Select(_ => Id()).ToList();

        await Task.WhenAll(counters.Select(async counter =>
        {
            for (var number = 1; number <= 50; number++) await world.Append(new Counted(counter, number));
        }));
        await world.UntilSent();

        var queued = await Drain(world);
        foreach (var counter in counters)
        {
            var numbers = queued.Where(message => message.Envelope.AggregateId == counter).Select(message => message.Envelope.Data.GetProperty("number").GetInt32());
            // Repeats are allowed, and dropped by the inbox; the first copy of each is in its place.
            Assert.Equal(Enumerable.Range(1, 50), numbers.Distinct());
        }
    }

    [Fact]
    public async Task OfSeveralRelaysOnePublishesAndAnotherTakesOver()
    {
        await using var world = await EventWorld.Create();
        await world.Declare<Note>();
        var relays = new List<IHost> { await world.StartRelay(), await world.StartRelay(), await world.StartRelay() };

        for (var round = 1; round <= 3; round++)
        {
            await Eventually.Holds(() => relays.Any(Leads));
            var leader = Assert.Single(relays, Leads);
            await world.Append([.. Enumerable.Range(1, 20).Select(number => new Counted(Id(), number))]);
            await world.UntilSent();
            Assert.Equal(20u * (uint)round, await world.Waiting(world.TypeOf<Note>().Queue));
            relays.Remove(leader);
            await world.Stop(leader);
        }

        bool Leads(IHost relay) => relay.Services.GetRequiredService<RelayGauges>().IsLeading(world.Service);
    }

    [Fact]
    public async Task AnOutageOfTheBrokerDelaysEventsAndLosesNone()
    {
        await using var world = await EventWorld.Create();
        var replica = await world.Start<Note>();
        var counter = Id();
        await world.Append(new Counted(counter, 1));
        await world.EffectsOf(1);

        for (var outage = 0; outage < 3; outage++)
        {
            // In the middle of what is under way.
            var appending = world.Append([.. Enumerable.Range(0, 100).Select(_ => new Counted(Id(), outage))]);
            world.BrokerCable.Cut();
            await appending;
            await world.Append(new Counted(counter, outage + 2));
            Assert.NotEqual(0, await world.Count("outbox", "sent_at IS NULL"));
            await Eventually.Holds(() => replica.Services.GetRequiredService<Bus>().Trouble is not null);
            world.BrokerCable.Restore();
            await world.UntilSent();
        }

        var effects = await world.EffectsOf(304);
        Assert.Equal(304, effects.Select(e => (e.Counter, e.Number)).Distinct().Count());
        Assert.Equal([1, 2, 3, 4], effects.Where(e => e.Counter == counter).Select(e => e.Number).Order());
    }

    [Fact]
    public async Task StartsWhileTheBrokerIsAway()
    {
        await using var world = await EventWorld.Create();
        await world.Declare<Note>();
        world.BrokerCable.Cut();
        using (var nobody = new TcpListener(IPAddress.Loopback, world.BrokerCable.Port))
        {
            nobody.Start();
            await world.Start<Note>();
            await world.Append(new Counted(Id(), 1));
            // It has tried, and tried again.
            for (var i = 0; i < 2; i++) (await nobody.AcceptSocketAsync(Ct)).Dispose();
        }

        world.BrokerCable.Restore();

        await world.EffectsOf(1);
    }

    [Fact]
    public async Task NothingIsSentWhileTheTopologyIsMissing()
    {
        await using var world = await EventWorld.Create();
        await world.Declare<Note>();
        await using (var channel = await world.Broker.Channel(Ct)) await channel.ExchangeDeleteAsync("test.counted", cancellationToken: Ct);
        var reads = 0;
        await world.StartRelay(EventWorld.Quick with
        {
            Step = step =>
            {
                if (step == "read") Interlocked.Increment(ref reads);
            },
        });

        await world.Append(new Counted(Id(), 1));
        // The first of these may have begun before; by the third, the second has come to its end with the event in hand.
        var before = Volatile.Read(ref reads);
        await Eventually.Holds(() => Volatile.Read(ref reads) >= before + 3);
        Assert.Equal(1, await world.Count("outbox", "sent_at IS NULL"));
        await world.Declare<Note>();

        await world.UntilSent();
        Assert.Equal(1u, await world.Waiting(world.TypeOf<Note>().Queue));
    }

    [Fact]
    public async Task WhatNobodyListensToIsCounted()
    {
        await using var world = await EventWorld.Create();
        await using (var channel = await world.Broker.Channel(Ct)) await channel.ExchangeDeclareAsync("test.counted", "fanout", durable: true, autoDelete: false, cancellationToken: Ct);
        var unroutable = 0L;
        using var listener = new MeterListener { InstrumentPublished = (instrument, listener) => { if (instrument.Name == "events.unroutable") listener.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref unroutable, count));
        listener.Start();
        await world.StartRelay();

        await world.Append(new Counted(Id(), 1), new Counted(Id(), 2));
        await world.UntilSent();

        Assert.Equal(2, unroutable);
    }

    [Theory, OnEveryEngine]
    public async Task LooksOnlyAtWhatIsUnsentHoweverLongTheLog(Engine engine)
    {
        await using var world = await EventWorld.Create(engine);
        await world.Append([.. Enumerable.Range(1, 2_000).Select(number => new Counted(Id(), number))]);
        await world.Db.Global().Execute("UPDATE outbox SET sent_at = created_at WHERE seq < 1998", Ct);

        // Counted by the server for this session; read before and after, since only the administrator may reset it.
        var touched = await world.Db.Global().InTransaction(async tx =>
        {
            var before = await Reads(tx);
            Assert.Equal(3, (await tx.Query<LoggedEvent>(UnsentEvents.Select, new { floor = 0UL, RelayBatch = 500 })).Count);
            return await Reads(tx) - before;
        }, Ct);

        Assert.InRange(touched, 1, 20);
    }

    private static async Task<long> Reads(Transaction tx) =>
        (await tx.Query<(string Name, string Value)>("SHOW SESSION STATUS WHERE Variable_name IN ('Handler_read_key', 'Handler_read_next', 'Handler_read_rnd_next')"))
            .Where(row => row.Name != "Handler_read_rnd_next").Sum(row => long.Parse(row.Value));

    private static async Task<List<Message>> Drain(EventWorld world)
    {
        await using var channel = await world.Broker.Channel(Ct);
        var messages = new List<Message>();
        while (await channel.BasicGetAsync(world.TypeOf<Note>().Queue, autoAck: true, Ct) is { } got) messages.Add(Message.Read(got.Body.ToArray(), null, null));
        return messages;
    }
}
