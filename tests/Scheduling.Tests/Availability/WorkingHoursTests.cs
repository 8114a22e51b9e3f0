using FitFlow.Scheduling.Features.Availability;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace FitFlow.Scheduling.Tests.Availability;

/// Rules and exceptions, minute by minute, against a clock that is only ever read: a minute belongs to hours when the clock has shown their
/// beginning by then and will yet show a time before their end, or that very time once more.
public sealed class WorkingHoursTests
{
    private const int MinutesADay = 24 * 60;

    // An hour at two, half an hour, at midnight, westward and eastward, two hours at once, and a day that was never there.
    private static readonly (string Zone, LocalDate Date)[] Around =
    [
        ("America/Toronto", new(2027, 3, 14)), ("America/Toronto", new(2027, 11, 7)), ("Australia/Lord_Howe", new(2027, 4, 4)),
        ("Australia/Lord_Howe", new(2027, 10, 3)), ("Africa/Cairo", new(2027, 4, 30)), ("Africa/Cairo", new(2027, 10, 29)),
        ("Antarctica/Troll", new(2027, 3, 28)), ("Antarctica/Troll", new(2027, 10, 31)), ("Pacific/Apia", new(2011, 12, 30)), ("Etc/UTC", new(2027, 6, 1)),
    ];

    private sealed record Case(string Zone, LocalDate First, int Days, List<WeeklyRule> Rules, List<HoursException> Exceptions);

    [Fact]
    public void EveryMinuteIsWorkedOrNotAsTheClockSays() =>
        Prop.ForAll(Cases().ToArbitrary(), given =>
        {
            var zone = DateTimeZoneProviders.Tzdb[given.Zone];
            var last = given.First.PlusDays(given.Days - 1);
            var hours = new WorkingHours(given.Rules, given.Exceptions).Between(given.First, last, zone);

            var clock = new Clock(zone, given.First.PlusDays(-4), last.PlusDays(5));
            var expected = clock.Worked(given.Rules, given.Exceptions, given.First, last);
            Assert.Equal(expected, Enumerable.Range(0, expected.Length).Select(minute => hours.Contains(clock.At(minute))));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Theory]
    [InlineData(DayOfWeek.Monday, "09:00", "12:00", DayOfWeek.Monday, "12:00", "13:00", false)]
    [InlineData(DayOfWeek.Monday, "09:00", "12:00", DayOfWeek.Monday, "11:59", "13:00", true)]
    [InlineData(DayOfWeek.Monday, "09:00", "12:00", DayOfWeek.Tuesday, "09:00", "12:00", false)]
    [InlineData(DayOfWeek.Sunday, "22:00", "06:00", DayOfWeek.Monday, "05:00", "09:00", true)]
    [InlineData(DayOfWeek.Sunday, "22:00", "06:00", DayOfWeek.Monday, "06:00", "09:00", false)]
    [InlineData(DayOfWeek.Saturday, "08:00", "08:00", DayOfWeek.Sunday, "07:00", "08:00", true)]
    [InlineData(DayOfWeek.Saturday, "00:00", "00:00", DayOfWeek.Sunday, "00:00", "00:00", false)]
    public void RulesOverlapWhereTheirHoursDo(DayOfWeek day, string starts, string ends, DayOfWeek otherDay, string otherStarts, string otherEnds, bool overlap)
    {
        var (one, two) = (Rule(day, starts, ends), Rule(otherDay, otherStarts, otherEnds));

        Assert.Equal(overlap, one.Overlaps(two));
        Assert.Equal(overlap, two.Overlaps(one));
    }

    [Theory]
    [InlineData(null, "2027-03-08", "2027-03-09", null, false)] // A Monday, and what begins on the Tuesday after it.
    [InlineData(null, "2027-03-08", "2027-03-08", null, true)]
    [InlineData("2027-03-09", "2027-03-14", null, null, false)] // No Monday in between.
    [InlineData("2027-03-09", "2027-03-15", null, null, true)]
    public void RulesThatAreNeverValidTogetherDoNotOverlap(string? from, string? until, string? otherFrom, string? otherUntil, bool overlap)
    {
        var one = Rule(DayOfWeek.Monday, "09:00", "17:00") with { ValidFrom = Date(from), ValidUntil = Date(until) };
        var two = Rule(DayOfWeek.Monday, "16:00", "18:00") with { ValidFrom = Date(otherFrom), ValidUntil = Date(otherUntil) };

        Assert.Equal(overlap, one.Overlaps(two));
        Assert.Equal(overlap, two.Overlaps(one));
    }

    [Fact]
    public void OverlappingRulesAreThoseThatShareAQuarterOfSomeHour() =>
        Prop.ForAll((from one in Rules() from two in Rules() select (one, two)).ToArbitrary(), pair =>
        {
            Assert.Equal(Quarters(pair.one).Overlaps(Quarters(pair.two)), pair.one.Overlaps(pair.two));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    /// The quarters of an hour that belong to it, around the days on which it may begin and end to be valid.
    private static HashSet<int> Quarters(WeeklyRule rule) =>
    [
        .. from day in Enumerable.Range(0, 60)
           let date = new DateOnly(2027, 2, 15).AddDays(day)
           where date.DayOfWeek == rule.Day && !(date < rule.ValidFrom) && !(date > rule.ValidUntil)
           let first = (day * 96) + (rule.Starts.Hour * 4) + (rule.Starts.Minute / 15)
           let last = (day * 96) + (rule.Ends.Hour * 4) + (rule.Ends.Minute / 15)
           from quarter in Enumerable.Range(first, last > first ? last - first : last + 96 - first)
           select quarter,
    ];

    private static WeeklyRule Rule(DayOfWeek day, string starts, string ends) => new(day, TimeOnly.Parse(starts), TimeOnly.Parse(ends), ValidFrom: null, ValidUntil: null);

    private static DateOnly? Date(string? date) => date is null ? null : DateOnly.Parse(date);

    private static Gen<Case> Cases() =>
        from around in Gen.Elements(Around)
        from before in Gen.Choose(0, 2)
        from days in Gen.Choose(1, 4)
        from ruleCount in Gen.Choose(0, 5)
        from rules in Rules(around.Date).ListOf(ruleCount)
        from exceptionCount in Gen.Choose(0, 3)
        from exceptions in Exceptions(around.Date).ListOf(exceptionCount)
        select new Case(around.Zone, around.Date.PlusDays(-before), days, [.. rules], [.. exceptions]);

    private static Gen<WeeklyRule> Rules(LocalDate? around = null) =>
        from day in Gen.Choose(0, 6)
        from starts in Gen.Choose(0, 95)
        from ends in Gen.Choose(0, 95)
        from valid in Gen.Choose(0, 3)
        from shift in Gen.Choose(-7, 7)
        let date = (around ?? new LocalDate(2027, 3, 14)).PlusDays(shift).ToDateOnly()
        select new WeeklyRule(
            (DayOfWeek)day, new TimeOnly(starts / 4, starts % 4 * 15), new TimeOnly(ends / 4, ends % 4 * 15),
            valid is 1 or 3 ? date : null, valid is 2 or 3 ? date.AddDays(5) : null);

    private static Gen<HoursException> Exceptions(LocalDate around) =>
        from kind in Gen.Elements(ExceptionKind.TimeOff, ExceptionKind.ExtraHours)
        from starts in Gen.Choose(-MinutesADay / 10, MinutesADay / 10)
        from length in Gen.Choose(1, MinutesADay / 8)
        let begins = around.AtMidnight().PlusMinutes(starts * 10)
        select new HoursException(kind, begins, begins.PlusMinutes(length * 10));

    /// What the clock on the wall shows at each minute.
    private sealed class Clock
    {
        private readonly DateTimeZone _zone;
        private readonly Instant _from;
        private readonly LocalDateTime[] _shows;
        private readonly LocalDateTime[] _latestSoFar;
        private readonly LocalDateTime[] _earliestToCome;
        private (LocalDate First, LocalDate Last)? _asked;
        private int _offset;

        public Clock(DateTimeZone zone, LocalDate first, LocalDate last)
        {
            _zone = zone;
            _from = zone.AtStartOfDay(first).ToInstant();
            var minutes = (int)(zone.AtStartOfDay(last).ToInstant() - _from).TotalMinutes;
            _shows = [.. Enumerable.Range(0, minutes).Select(minute => (_from + Duration.FromMinutes(minute)).InZone(zone).LocalDateTime)];
            _latestSoFar = (LocalDateTime[])_shows.Clone();
            for (var i = 1; i < minutes; i++) _latestSoFar[i] = LocalDateTime.Max(_latestSoFar[i - 1], _shows[i]);
            _earliestToCome = (LocalDateTime[])_shows.Clone();
            for (var i = minutes - 2; i >= 0; i--) _earliestToCome[i] = LocalDateTime.Min(_earliestToCome[i + 1], _shows[i]);
        }

        public Instant At(int minute) => _from + Duration.FromMinutes(_offset + minute);

        public bool[] Worked(IReadOnlyList<WeeklyRule> rules, IReadOnlyList<HoursException> exceptions, LocalDate first, LocalDate last)
        {
            _asked = (first, last);
            var minutes = Enumerable.Range(0, _shows.Length).Where(IsAsked).ToArray();
            _offset = minutes.Length == 0 ? 0 : minutes[0];
            var stretches = Enumerable.Range(-1, Period.DaysBetween(first, last) + 2).Select(day => first.PlusDays(day))
                .SelectMany(date => rules.Where(rule => IsOn(rule, date)).Select(rule => Stretch(rule, date))).ToArray();
            var extra = exceptions.Where(exception => exception.Kind == ExceptionKind.ExtraHours).Select(exception => (exception.Starts, exception.Ends));
            var off = exceptions.Where(exception => exception.Kind == ExceptionKind.TimeOff).Select(exception => (exception.Starts, exception.Ends)).ToArray();
            var works = stretches.Concat(extra).ToArray();
            if (works.Length == 0) return new bool[minutes.Length];
            return [.. minutes.Select(minute => works.Any(stretch => IsIn(minute, stretch)) && !off.Any(stretch => IsIn(minute, stretch)))];
        }

        private static bool IsOn(WeeklyRule rule, LocalDate date) =>
            date.ToDateOnly().DayOfWeek == rule.Day
            && (rule.ValidFrom is not { } from || date >= LocalDate.FromDateOnly(from))
            && (rule.ValidUntil is not { } until || date <= LocalDate.FromDateOnly(until));

        private static (LocalDateTime, LocalDateTime) Stretch(WeeklyRule rule, LocalDate date)
        {
            var (starts, ends) = (date + LocalTime.FromTimeOnly(rule.Starts), date + LocalTime.FromTimeOnly(rule.Ends));
            return (starts, ends <= starts ? ends.PlusDays(1) : ends);
        }

        private bool IsAsked(int minute) => _shows[minute].Date >= _asked!.Value.First && _shows[minute].Date <= _asked.Value.Last;

        private bool IsIn(int minute, (LocalDateTime Starts, LocalDateTime Ends) stretch) =>
            _latestSoFar[minute] >= stretch.Starts
            && (_earliestToCome[minute] < stretch.Ends || (minute + 1 < _shows.Length && _earliestToCome[minute + 1] <= stretch.Ends));
    }
}
