using FitFlow.Scheduling.Tests.Races;

namespace FitFlow.Scheduling.Tests.Reminders;

/// Two replicas, as processes, and one of them killed while both tell.
[Trait("speed", "slow")]
public sealed class KilledReplicaTests(KilledProcessTests.TwoReplicas run, ITestOutputHelper output) : IClassFixture<KilledProcessTests.TwoReplicas>
{
    [Fact]
    public async Task EachIsToldOnceAllTheSame()
    {
        const int Count = 10_000;
        var before = await run.Find("scheduling-1");
        var studio = await run.System.GivenDue(Count);

        await Eventually.Holds(async () => await run.System.Due(studio) < Count, "they have begun");
        await run.Kill("scheduling-1");
        output.WriteLine($"{await run.System.Due(studio)} were left when it was killed");

        await Eventually.Holds(async () => await run.System.Due(studio) == 0, "all are told");
        await run.System.EachWasToldOnce(studio, Count);
        await Eventually.Holds(async () => await run.Find("scheduling-1") is { Health: "Healthy" } now && now.Pid != before.Pid, "it is back by itself");
        await run.System.EachWasToldOnce(studio, Count);
    }
}
