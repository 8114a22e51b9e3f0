using FitFlow.Scheduling.Features.Calendars;
using FitFlow.Scheduling.Features.Recurring;
using FitFlow.Scheduling.Tests.ICalParser;
using NodaTime;

namespace FitFlow.Scheduling.Tests.Calendars;

/// Another program finds exactly the sessions in our calendars, on every side of every change of the clocks.
public sealed class ICalendarTests
{
    private static readonly Guid Series = Guid.Parse("01930000-0000-7000-8000-000000000001");

    public static TheoryData<string, string> ZonesAndTimes
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var zone in new[] { "America/Toronto", "Europe/Paris", "Australia/Lord_Howe", "America/St_Johns", "Asia/Kolkata", "Africa/Casablanca", "UTC" })
            {
                foreach (var time in new[] { "00:30", "01:30", "02:15", "10:00", "23:30" }) data.Add(zone, time);
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(ZonesAndTimes))]
    public async Task ASeriesTakesPlaceWhenItsSessionsDo(string zoneId, string time)
    {
        var (zone, random) = (DateTimeZoneProviders.Tzdb[zoneId], new Random(zoneId.Length + time.GetHashCode(StringComparison.Ordinal) % 7));
        var sessions = Weekly(zone, time, [DayOfWeek.Sunday, DayOfWeek.Wednesday], everyWeeks: 1, count: 104);
        foreach (var i in Enumerable.Range(0, 8).Select(_ => random.Next(sessions.Count)))
        {
            // Skipped, cancelled, or moved: by hours, by days, to the hour that the clock shows twice.
            sessions[i] = (i % 3) switch
            {
                0 => sessions[i] with { IsCancelled = true },
                1 => sessions[i] with { Time = Shifted(sessions[i].Time, Duration.FromHours(26)) },
                _ => sessions[i] with { Time = Shifted(sessions[i].Time, Duration.FromMinutes(45)) },
            };
        }

        sessions.RemoveAt(17);
        var events = ICalendarSeries.Of(Series, [.. sessions.Select(session => new ICalendarSeries.Session(session, ""))]).ToList();
        var parsed = await Parser.Read(ICalendar.Published(events));

        Assert.Equal(Starts(sessions), parsed.Confirmed);
        Assert.All(parsed.Occurrences, one => Assert.Equal(TimeSpan.FromHours(1), one.End - one.Start));
        Assert.InRange(parsed.Events, 1, 40);
        Assert.True(parsed.Rules >= 1);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    public async Task ARuleSaysHowManyWeeksLieBetween(int everyWeeks, int days)
    {
        var zone = DateTimeZoneProviders.Tzdb["Europe/Paris"];
        var sessions = Weekly(zone, "10:00", [.. new[] { DayOfWeek.Monday, DayOfWeek.Saturday }.Take(days)], everyWeeks, count: 20);

        var only = Assert.Single(ICalendarSeries.Of(Series, [.. sessions.Select(session => new ICalendarSeries.Session(session, ""))]));
        var parsed = await Parser.Read(ICalendar.Published([only]));

        Assert.Equal((everyWeeks, days, 0), (only.Rule!.EveryWeeks, only.Rule.Days.Count, only.Rule.Except.Count));
        Assert.Equal(Starts(sessions), parsed.Confirmed);
    }

    [Fact]
    public async Task WhatWasMovedStandsInPlaceOfItsDateAndACancelledOneIsLeftOut()
    {
        var zone = DateTimeZoneProviders.Tzdb["America/Toronto"];
        var sessions = Weekly(zone, "10:00", [], everyWeeks: 1, count: 8);
        sessions[2] = sessions[2] with { Time = Shifted(sessions[2].Time, Duration.FromHours(3)), Summary = "Moved" };
        sessions[5] = sessions[5] with { IsCancelled = true };

        var events = ICalendarSeries.Of(Series, [.. sessions.Select(session => new ICalendarSeries.Session(session, ""))]).ToList();
        var parsed = await Parser.Read(ICalendar.Published(events));

        Assert.Equal((2, 1), (parsed.Events, parsed.Rules));
        Assert.Single(events.Single(one => one.Rule is not null).Rule!.Except);
        Assert.Equal(Starts(sessions), parsed.Confirmed);
        var moved = Assert.Single(parsed.Occurrences, one => one.Summary == "Moved");
        Assert.Equal(parsed.Occurrences[0].Uid, moved.Uid);
        Assert.Equal(sessions[2].Time.Start.ToDateTimeOffset(), moved.Start);
    }

    [Fact]
    public void TheRestOfASeriesThatWasMovedHasARuleOfItsOwn()
    {
        var zone = DateTimeZoneProviders.Tzdb["America/Toronto"];
        var sessions = Weekly(zone, "10:00", [], everyWeeks: 1, count: 8);
        for (var i = 4; i < 8; i++) sessions[i] = sessions[i] with { Time = Shifted(sessions[i].Time, Duration.FromMinutes(30)) };

        var events = ICalendarSeries.Of(Series, [.. sessions.Select(session => new ICalendarSeries.Session(session, ""))]).ToList();

        Assert.Equal(2, events.Count);
        Assert.All(events, one => Assert.Empty(one.Rule!.Except));
        Assert.Equal(2, events.Select(one => one.Uid).Distinct().Count());
    }

    [Fact]
    public void ACancelledSeriesIsItsCancelledSessions()
    {
        var sessions = Weekly(DateTimeZoneProviders.Tzdb["America/Toronto"], "10:00", [], everyWeeks: 1, count: 3).ConvertAll(session => session with { IsCancelled = true });

        Assert.Equal(sessions, ICalendarSeries.Of(Series, [.. sessions.Select(session => new ICalendarSeries.Session(session, ""))]));
    }

    [Theory]
    [InlineData(15)]
    [InlineData(60)]
    [InlineData(100)]
    public async Task EverySingleSessionAroundAChangeIsWhenItIs(int minutes)
    {
        foreach (var zoneId in new[] { "America/Toronto", "Australia/Lord_Howe", "America/St_Johns" })
        {
            var zone = DateTimeZoneProviders.Tzdb[zoneId];
            var changes = zone.GetZoneIntervals(Instant.FromUtc(2026, 1, 2, 0, 0), Instant.FromUtc(2028, 1, 1, 0, 0)).Where(interval => interval.HasStart).Select(interval => interval.Start);
            // Each quarter of an hour around each change: also those that the clock shows twice.
            var sessions = changes.SelectMany(change => Enumerable.Range(-16, 32).Select(i => change + Duration.FromMinutes(15 * i)))
                .Select((start, i) => Event(i, new ICalendarTime(start, start + Duration.FromMinutes(minutes), zone))).ToList();

            var parsed = await Parser.Read(ICalendar.Published(sessions));

            Assert.Equal(Starts(sessions), parsed.Confirmed);
            Assert.All(parsed.Occurrences, one => Assert.Equal(TimeSpan.FromMinutes(minutes), one.End - one.Start));
        }
    }

    [Theory]
    [InlineData(false, "REQUEST", "CONFIRMED")]
    [InlineData(true, "CANCEL", "CANCELLED")]
    public async Task WhatIsSentSaysWhetherToCome(bool isCancelled, string method, string status)
    {
        var one = Event(0, Weekly(DateTimeZoneProviders.Tzdb["Europe/Paris"], "10:00", [], 1, 1)[0].Time) with
        {
            Summary = "Séance; avec Zoë, demain \\ \"ici\"\nou là 🏋️",
            Location = "Salle é, 1er",
            IsCancelled = isCancelled,
            Invitation = (Series, Series),
        };

        var parsed = await Parser.Read(ICalendar.Sent(one));

        Assert.Equal((method, status, one.Summary, one.Location), (parsed.Method, parsed.Occurrences[0].Status, parsed.Occurrences[0].Summary, parsed.Occurrences[0].Location));
    }

    private static List<ICalendarEvent> Weekly(DateTimeZone zone, string time, DayOfWeek[] days, int everyWeeks, int count) =>
    [
        .. new Recurrence { StartsOn = new DateOnly(2026, 2, 2), Starts = time, EveryWeeks = everyWeeks, Days = days, Occurrences = count }.In(zone)
            .Select((at, i) => Event(i, ICalendarTime.Of(at, at.AddHours(1), zone))),
    ];

    private static ICalendarEvent Event(int number, ICalendarTime time) =>
        new($"{number}@fitflow", 0, DateTimeOffset.UnixEpoch, time, "Personal training", Location: null);

    private static ICalendarTime Shifted(ICalendarTime time, Duration by) => time with { Start = time.Start + by, End = time.End + by };

    private static IEnumerable<DateTimeOffset> Starts(IEnumerable<ICalendarEvent> sessions) =>
        sessions.Where(session => !session.IsCancelled).Select(session => session.Time.Start.ToDateTimeOffset()).Order();
}
