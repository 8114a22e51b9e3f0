using System.Diagnostics;
using System.Text.Json;
using FitFlow.Data;
using FitFlow.Scheduling.Features.Reminders;
using FitFlow.Scheduling.Tests.Classes;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace FitFlow.Scheduling.Tests.Reminders;

/// Time is made by moving rows. The running Scheduling does the work as it always does; where several race, parts of it run here beside it.
public sealed class SendRemindersTests(RunningSystem system)
{
    private TestDb Database => system.Database("schedulingdb");

    [Fact]
    public async Task WhoComesTomorrowIsToldOnce()
    {
        var studio = await system.GivenStudio();
        var (trainer, client) = (await studio.GivenTrainerAtWork(), await studio.GivenClient());
        var id = (await studio.GivenBooking(await studio.GivenSessionType(), trainer, client, SchedulingStory.At(days: 3, hour: 10))).Id();

        var at = await system.ComesNear(id, hours: 24);
        var told = await Told(id);

        var local = NodaTime.Instant.FromDateTimeOffset(at).InZone(NodaTime.DateTimeZoneProviders.Tzdb["America/Toronto"]).LocalDateTime;
        Assert.Equal(
            $$"""{"booking_id":"{{id}}","client_id":"{{client.Id}}","trainer_id":"{{trainer.Id}}","studio_id":"{{studio.Id}}","booking_date":"{{local.Date:uuuu-MM-dd}}","start_time":"{{local.TimeOfDay:HH:mm:ss}}","hours_until":24,"starts_at":"{{at:yyyy-MM-ddTHH:mm:sszzz}}"}""",
            told.Single());
        Assert.Equal([1], await Left(id));

        await system.ComesNear(id, hours: 1);
        await Eventually.Holds(async () => (await system.Told("booking.reminder", id)).Count == 2, "the second is told");
        Assert.Equal(1, JsonDocument.Parse((await system.Told("booking.reminder", id))[1]).RootElement.GetProperty("hours_until").GetInt32());
        Assert.Empty(await Left(id));
    }

    [Fact]
    public async Task WhatWasCancelledIsNotTold()
    {
        var studio = await system.GivenStudio();
        var (trainer, type) = (await studio.GivenTrainerAtWork(), await studio.GivenSessionType());
        var id = (await studio.GivenBooking(type, trainer, await studio.GivenClient(), SchedulingStory.At(days: 3, hour: 10))).Id();
        await studio.Post(trainer, $"/api/v1/bookings/{id}/cancel", new { reason = "weather" }).Ok();
        Assert.Empty(await Left(id));

        // A row that is there all the same: what counts is the booking.
        await Remind(studio, id, SchedulingStory.At(days: 3, hour: 10));
        await system.ComesNear(id, hours: 24);
        await Eventually.Holds(async () => (await Left(id)).Count == 0, "the row is gone");
        Assert.Empty(await system.Told("booking.reminder", id));
    }

    [Fact]
    public async Task WhatWasMovedIsToldOfItsNewTimeOnly()
    {
        var studio = await system.GivenStudio();
        var (trainer, client, type) = (await studio.GivenTrainerAtWork(), await studio.GivenClient(), await studio.GivenSessionType());
        var id = (await studio.GivenBooking(type, trainer, client, SchedulingStory.At(days: 3, hour: 10))).Id();
        await studio.Post(client, $"/api/v1/bookings/{id}/reschedule", new { starts_at = SchedulingStory.At(days: 4, hour: 16) }).Ok();

        // As if it had been for this moment, to which it was not moved.
        await Database.Write("UPDATE reminders SET due_at = UTC_TIMESTAMP(6) WHERE subject_id = @id AND hours = 24", ("id", id));
        await Eventually.Holds(async () => (await Left(id)).SequenceEqual([1]), "the row is gone");
        Assert.Empty(await system.Told("booking.reminder", id));

        await system.ComesNear(id, hours: 1);
        Assert.Equal(1, JsonDocument.Parse((await Told(id)).Single()).RootElement.GetProperty("hours_until").GetInt32());
    }

    [Fact]
    public async Task WhatComesMuchTooLateIsDropped()
    {
        var studio = await system.GivenStudio();
        var (trainer, type) = (await studio.GivenTrainerAtWork(), await studio.GivenSessionType());
        var soon = (await studio.GivenBooking(type, trainer, await studio.GivenClient(), SchedulingStory.At(days: 3, hour: 10))).Id();
        var over = (await studio.GivenBooking(type, trainer, await studio.GivenClient(), SchedulingStory.At(days: 3, hour: 14))).Id();

        // As after a night in which Scheduling was down: both of one are due, and the other has begun.
        await system.Starts(soon, TimeSpan.FromMinutes(30));
        await system.Starts(over, TimeSpan.FromMinutes(-5));

        await Eventually.Holds(async () => (await Left(soon)).Count + (await Left(over)).Count == 0, "all rows are gone");
        Assert.Equal([1], (await system.Told("booking.reminder", soon)).Select(told => JsonDocument.Parse(told).RootElement.GetProperty("hours_until").GetInt32()));
        Assert.Empty(await system.Told("booking.reminder", over));
    }

    [Fact]
    public async Task WhoHasASeatInAClassIsToldAndWhoWaitsForOneIsNot()
    {
        var studio = await system.GivenStudio();
        var (trainer, people) = (await studio.GivenTrainerAtWork(), await studio.GivenClients(3));
        var id = (await studio.GivenClass(await studio.GivenClassType(), trainer, SchedulingStory.At(days: 3, hour: 18), ("capacity", 2))).Id();
        await studio.GivenEnrolled(id, people);
        // A row for who waits: nobody writes one, and it would not be told.
        await Database.Write(
            """
            INSERT INTO reminders (due_at, subject_id, person_id, hours, tenant_id, kind)
            SELECT due_at, subject_id, @person, hours, tenant_id, kind
            FROM reminders
            WHERE subject_id = @id AND person_id = @other
            """, ("id", id), ("person", people[2].Id), ("other", people[0].Id));

        var at = await system.ClassComesNear(id, hours: 24);
        await Eventually.Holds(async () => (await Left(id)).SequenceEqual([1, 1, 1]), "the rows are gone");

        var told = (await system.Told("class.reminder", id)).Select(text => JsonDocument.Parse(text).RootElement).ToList();
        Assert.Equal(people.Take(2).Select(person => person.Id).Order(), told.Select(one => one.Id("client_id")).Order());
        Assert.Equal(["class_id", "client_id", "trainer_id", "studio_id", "class_date", "start_time", "hours_until", "starts_at"], told[0].EnumerateObject().Select(key => key.Name));
        Assert.Equal((id, trainer.Id, studio.Id, 24, at), (told[0].Id("class_id"), told[0].Id("trainer_id"), told[0].Id("studio_id"), told[0].GetProperty("hours_until").GetInt32(), told[0].Time("starts_at")));
    }

    [Fact]
    public async Task WhatAReplicaWasTellingWhenItDiedIsToldByAnother()
    {
        var studio = await system.GivenStudio();
        var at = SchedulingStory.At(days: 3, hour: 10);
        var id = (await studio.GivenBooking(await studio.GivenSessionType(), await studio.GivenTrainerAtWork(), await studio.GivenClient(), at)).Id();
        var server = new MySql.Data.MySqlClient.MySqlConnectionStringBuilder(Servers.MySql);
        await using var proxy = CuttableProxy.To(server.Server, (int)server.Port);
        (server.Server, server.Port, server.SslMode) = ("127.0.0.1", (uint)proxy.Port, MySql.Data.MySqlClient.MySqlSslMode.Disabled);
        server.AllowPublicKeyRetrieval = true;

        // It is a day later for these two only. The first looks at the clock when it begins, and when it tells: then it is gone.
        var looks = 0;
        await using var dying = await Replica(new WatchedClock(at.AddHours(-24).AddSeconds(1), () =>
        {
            if (++looks == 2) proxy.Cut();
        }), server.ConnectionString);
        await Assert.ThrowsAsync<DependencyDownException>(() => Drain(dying));
        Assert.Empty(await system.Told("booking.reminder", id));
        Assert.Equal([1, 24], await Left(id));

        await using var other = await Replica(new ManualClock(at.AddHours(-24).AddSeconds(1)));
        await Drain(other);
        await Drain(other);
        Assert.Single(await system.Told("booking.reminder", id));
        Assert.Equal([1], await Left(id));
    }

    [Fact]
    public async Task ReplicasThatRaceTellEachOnce()
    {
        var ids = await GivenDue(500);
        await using var one = await Replica();
        await using var other = await Replica();

        // And the running Scheduling is the third.
        await Task.WhenAll(new[] { one, one, other, other }.Select(Drain));

        await Eventually.Holds(async () => await Due(ids) == 0, "none is due any more");
        Assert.Equal(500, await Database.Count(
            "SELECT COUNT(*) FROM outbox o JOIN bookings_rows b ON b.id = o.aggregate_id WHERE o.type = 'booking.reminder' AND b.tenant_id = @studio", ("studio", ids)));
        Assert.Equal(500, await Database.Count(
            "SELECT COUNT(DISTINCT o.aggregate_id) FROM outbox o JOIN bookings_rows b ON b.id = o.aggregate_id WHERE o.type = 'booking.reminder' AND b.tenant_id = @studio", ("studio", ids)));
    }

    [Fact]
    public async Task ManyAtTheFullHourKeepNobodyFromBooking()
    {
        var studio = await system.GivenStudio();
        var (trainer, type, client) = (await studio.GivenTrainerAtWork(), await studio.GivenSessionType(), await studio.GivenClient());
        var due = await GivenDue(2_000);
        await using var replica = await Replica();

        var started = Stopwatch.GetTimestamp();
        var draining = Drain(replica);
        var bookings = new List<double>();
        for (var i = 0; i < 10; i++)
        {
            var asked = Stopwatch.GetTimestamp();
            await studio.Book(client, type, trainer, SchedulingStory.At(days: 3 + i, hour: 10)).Created();
            bookings.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
        }

        await draining;
        await Eventually.Holds(async () => await Due(due) == 0, "none is due any more");
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"2,000 reminders took {Stopwatch.GetElapsedTime(started).TotalSeconds:F2} s; meanwhile ten bookings took {string.Join(", ", bookings.Select(ms => $"{ms:F0}"))} ms");
    }

    /// All of one studio, which is the answer; they begin in 24 hours.
    private async Task<Guid> GivenDue(int count)
    {
        var studio = await system.GivenStudio();
        var (trainer, client, type) = (await studio.GivenTrainerAtWork(), await studio.GivenClient(), await studio.GivenSessionType());
        var one = (await studio.GivenBooking(type, trainer, client, SchedulingStory.At(days: 3, hour: 10))).Id();
        await Database.Write(
            """
            SET SESSION cte_max_recursion_depth = 100000;
            INSERT INTO bookings_rows (
                tenant_id, id, owner_id, trainer_id, session_type_id, kind, starts_at, ends_at, status, payment_status, price_amount, price_currency,
                cancel_free_until, cancel_until, booked_by, booked_at, version, updated_at)
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @more)
            SELECT tenant_id, UNHEX(REPLACE(UUID(), '-', '')), owner_id, trainer_id, session_type_id, kind, starts_at, ends_at, status, payment_status,
                   price_amount, price_currency, cancel_free_until, cancel_until, booked_by, booked_at, version, updated_at
            FROM bookings_rows
            JOIN n
            WHERE id = @one;
            UPDATE bookings_rows SET starts_at = TIMESTAMPADD(HOUR, 24, UTC_TIMESTAMP()), ends_at = TIMESTAMPADD(HOUR, 25, UTC_TIMESTAMP()) WHERE tenant_id = @studio;
            DELETE FROM reminders WHERE subject_id = @one;
            INSERT INTO reminders (due_at, subject_id, person_id, hours, tenant_id, kind)
            SELECT TIMESTAMPADD(HOUR, -24, starts_at), id, owner_id, 24, tenant_id, 'booking'
            FROM bookings_rows
            WHERE tenant_id = @studio
            """, ("more", count - 1), ("one", one), ("studio", studio.Id));
        return studio.Id;
    }

    private Task<long> Due(Guid studio) => Database.Count("SELECT COUNT(*) FROM reminders WHERE tenant_id = @studio", ("studio", studio));

    private static async Task Drain(WebApplication replica)
    {
        while (await replica.Services.GetRequiredService<SendReminders>().SendSome(default) > 0)
        {
        }
    }

    private Task<WebApplication> Replica(TimeProvider? clock = null, string? server = null) => PlayedScheduling.Start(
        system,
        builder =>
        {
            builder.Configuration["ConnectionStrings:schedulingdb"] = $"{server ?? Servers.MySql};Database=schedulingdb";
            if (clock is not null) builder.Services.AddSingleton(clock);
            builder.Services.AddSingleton<SendReminders>();
        },
        after: builder => builder.AddData("schedulingdb"));

    private sealed class WatchedClock(DateTimeOffset now, Action looked) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow()
        {
            looked();
            return now;
        }
    }

    private async Task<IReadOnlyList<string>> Told(Guid id)
    {
        await Eventually.Holds(async () => (await system.Told("booking.reminder", id)).Count > 0, "it is told");
        return await system.Told("booking.reminder", id);
    }

    /// The distances that are still to be told.
    private Task<IReadOnlyList<int>> Left(Guid id) => Database.Read<int>("SELECT hours FROM reminders WHERE subject_id = @id ORDER BY hours", ("id", id));

    private Task Remind(Studio studio, Guid booking, DateTimeOffset startsAt) => Database.Write(
        """
        INSERT INTO reminders (due_at, subject_id, person_id, hours, tenant_id, kind)
        VALUES (@due, @booking, @booking, 24, @studio, 'booking')
        """, ("due", startsAt.AddHours(-24).UtcDateTime), ("booking", booking), ("studio", studio.Id));
}
