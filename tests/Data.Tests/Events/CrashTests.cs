using FitFlow.Data.Events;
using static FitFlow.Data.Tests.Events.AppendTests;

namespace FitFlow.Data.Tests.Events;

/// <summary>Real processes, really killed: nothing is lost and nothing is done twice. Order is promised up to the queue, not after a redelivery.</summary>
[Collection("events")]
public sealed class CrashTests
{
    private const int Counters = 5, Each = 8;

    [Theory]
    [InlineData("read", 1)]
    [InlineData("publish", 3)]
    [InlineData("confirmed", 1)]
    [InlineData("confirmed", 7)]
    [InlineData("mark", 1)]
    [InlineData("claim", 1)]
    [InlineData("react", 5)]
    [InlineData("commit work", 1)]
    [InlineData("acknowledge", 1)]
    public async Task KilledBetweenAnyTwoSteps(string step, int occurrence)
    {
        await using var world = await EventWorld.Create();
        await world.Declare<Note>();
        await world.Declare<AnswerReplay>();
        var counters = await Given(world);

        await using (var first = Replica.Start(world, step, occurrence)) await first.Death();
        await using var second = Replica.Start(world);

        AssertEachOnce(counters, await world.EffectsOf(Counters * Each));
        await world.UntilSent();
    }

    [Fact]
    public async Task APausedRelayThatWakesWithoutItsLeaseDoesNoHarm()
    {
        await using var world = await EventWorld.Create();
        await world.Declare<Note>();
        await world.Declare<AnswerReplay>();
        var counters = await Given(world);

        await using var paused = Replica.Start(world);
        await Eventually.Holds(async () => await world.Count("outbox", "sent_at IS NOT NULL") > 0);
        await paused.Signal("STOP");
        await using var other = Replica.Start(world);
        await world.Append([.. counters.Select(counter => new Counted(counter, Each + 1))]);
        // The server ends the lease of who is silent.
        await world.UntilSent();
        await paused.Signal("CONT");
        await world.Append([.. counters.Select(counter => new Counted(counter, Each + 2))]);

        var effects = await world.EffectsOf(Counters * (Each + 2));
        Assert.Equal(effects.Count, effects.Select(e => (e.Counter, e.Number)).Distinct().Count());
    }

    private static async Task<IReadOnlyList<Guid>> Given(EventWorld world)
    {
        var counters = Enumerable.Range(0, Counters).Select(_ => Id()).ToList();
        foreach (var number in Enumerable.Range(1, Each)) await world.Append([.. counters.Select(counter => new Counted(counter, number))]);
        return counters;
    }

    private static void AssertEachOnce(IReadOnlyList<Guid> counters, IReadOnlyList<Effect> effects)
    {
        foreach (var counter in counters)
        {
            Assert.Equal(Enumerable.Range(1, Each), effects.Where(e => e.Counter == counter).Select(e => e.Number).Order());
        }
    }
}
