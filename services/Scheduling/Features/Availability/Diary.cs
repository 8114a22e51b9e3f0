using NodaTime;

namespace FitFlow.Scheduling.Features.Availability;

/// What is written down of somebody's time, or a room's: when they work here, and when they are taken, wherever that is.
internal sealed class Diary
{
    private readonly List<WeeklyRule> _rules = [];
    private readonly List<HoursException> _exceptions = [];
    private readonly List<Interval> _busy = [];

    public static Diary Empty { get; } = new();

    public IReadOnlyList<Interval> Busy => _busy;

    public WorkingHours Hours => new(_rules, _exceptions);

    public void Add(WeeklyRule rule) => _rules.Add(rule);

    public void Add(HoursException exception) => _exceptions.Add(exception);

    public void Add(Interval taken) => _busy.Add(taken);
}
