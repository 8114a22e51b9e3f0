using FitFlow.Data.Events;
using Microsoft.Extensions.DependencyInjection;
using static FitFlow.Data.Tests.Events.AppendTests;

namespace FitFlow.Data.Tests.Events;

[Collection("events")]
public sealed class ReplayTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ANewConsumerAsksForWhatItMissedAndTheOthersHearNothing()
    {
        await using var world = await EventWorld.Create();
        await world.Start<Note>();
        var counter = Id();
        await world.Append([.. Enumerable.Range(1, 250).Select(number => new Counted(counter, number))]);
        await world.EffectsOf(250);

        var since = TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(1);
        var newcomer = await world.Start<Stumble>();
        await newcomer.Services.GetRequiredService<EventLog>().Ask<Stumble>(since, Ct);

        Assert.Equal(Enumerable.Range(1, 250).Order(), (await world.EffectsOf(500)).Skip(250).Select(e => e.Number).Order());
        Assert.Equal(250, await world.Count("inbox", $"consumer = '{world.TypeOf<Stumble>().Queue}'"));
        Assert.Equal(250, await world.Count("inbox", $"consumer = '{world.TypeOf<Note>().Queue}'"));
    }
}
