namespace FitFlow.Scheduling.Tests.Races;

/// kill -9 in the middle of the crowd: of one of two replicas, of the broker, of the database. Afterwards everything that anybody was promised is
/// there, nothing else is, and the world was told of each once.
[Trait("speed", "slow")]
public sealed class KilledProcessTests(KilledProcessTests.TwoReplicas run, ITestOutputHelper output) : IClassFixture<KilledProcessTests.TwoReplicas>
{
    public sealed class TwoReplicas : LocalRun
    {
        protected override IEnumerable<string> Settings => ["--Replicas:scheduling=2"];
    }

    [Theory]
    [InlineData("scheduling-1")]
    [InlineData("rabbitmq")]
    [InlineData("mysql")]
    public async Task WhatWasPromisedHoldsAndNothingElse(string victim)
    {
        var studio = await run.System.GivenStudio();
        var (trainers, clients, type) = (await studio.GivenTrainersAtWork(3), await studio.GivenClients(16), await studio.GivenSessionType());
        var group = await studio.GivenSessionType(("kind", "group"), ("capacity", 4));
        var scheduled = await studio.Post(studio.Owner, "/api/v1/classes", new { session_type_id = group, trainer_id = trainers[0].Id, starts_at = SchedulingStory.At(days: 20, hour: 10) }).Created();
        var yoga = scheduled.GetProperty("classes")[0].Id();
        var listener = new Listener(await run.BrokerAddress(), "booking.created");
        await listener.Begin();
        var before = await run.Find(victim);

        await using var crowd = new Crowd(studio, clients, trainers, type, yoga);
        await crowd.HasBooked(30);
        await run.Kill(victim);
        await Eventually.Holds(async () => await run.Find(victim) is { Health: "Healthy" } now && now.Pid != before.Pid, $"{victim} is back by itself");
        await crowd.HasBooked(crowd.Booked.Count + 30);
        await crowd.GoHome();
        output.WriteLine($"{crowd.Booked.Count} booked, {crowd.Cancelled.Count} cancelled, {crowd.Again} times asked again");

        Assert.Empty(crowd.Unclear);
        await run.System.NothingOverlaps(studio);
        await EachPromiseIsThere(studio, crowd);
        await TheClassIsAsItWasSaid(studio, yoga, crowd);
        await EachIsToldOnce(studio, crowd, listener);
    }

    private async Task EachPromiseIsThere(Studio studio, Crowd crowd)
    {
        var rows = await run.System.Database("schedulingdb").Read(
            "SELECT id, status FROM bookings_rows WHERE tenant_id = @studio", row => (Id: new Guid((byte[])row[0]!, bigEndian: true), Status: (string)row[1]!), ("studio", studio.Id));
        Assert.Equal(crowd.Booked.Keys.Order(), rows.Select(row => row.Id).Order());
        Assert.Equal(crowd.Cancelled.Keys.Order(), rows.Where(row => row.Status == "cancelled").Select(row => row.Id).Order());
    }

    private async Task TheClassIsAsItWasSaid(Studio studio, Guid yoga, Crowd crowd)
    {
        var database = run.System.Database("schedulingdb");
        var inClass = await database.Read(
            "SELECT owner_id FROM enrolments_rows WHERE class_id = @yoga AND status <> 'cancelled'", row => new Guid((byte[])row[0]!, bigEndian: true), ("yoga", yoga));
        Assert.Equal(crowd.InClass.Keys.Order(), inClass.Order());
        var seated = await database.Count("SELECT COUNT(*) FROM enrolments_rows WHERE class_id = @yoga AND status = 'enrolled'", ("yoga", yoga));
        Assert.Equal(Math.Min(4, inClass.Count), seated);
        Assert.Equal(seated, await database.Count("SELECT seats_taken FROM classes_rows WHERE tenant_id = @studio AND id = @yoga", ("studio", studio.Id), ("yoga", yoga)));
    }

    private async Task EachIsToldOnce(Studio studio, Crowd crowd, Listener listener)
    {
        var database = run.System.Database("schedulingdb");
        await Eventually.Holds(async () => await database.Count("SELECT COUNT(*) FROM outbox WHERE sent_at IS NULL") == 0, "all is told");
        var told = await database.Read(
            "SELECT id FROM outbox WHERE type = 'booking.created' AND tenant_id = @studio", row => new Guid((byte[])row[0]!, bigEndian: true), ("studio", studio.Id));

        // A crash between telling and noting it down tells again, under the same id: whoever listens does it once.
        Assert.Equal(crowd.Booked.Count, told.Count);
        var heard = await listener.Heard(soFar => told.All(soFar.ContainsKey));
        Assert.Equal(told.Order(), heard.Keys.Order());
    }
}
