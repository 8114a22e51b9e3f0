using System.Collections.Concurrent;

namespace FitFlow.Scheduling.Features.People;

/// What people were called a moment ago, in this process: a calendar names hundreds, and each would be read from Redis each time.
internal sealed class RecentNames(TimeProvider clock)
{
    private const int Most = 20_000;

    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<(Guid Studio, Guid Person), (string Name, DateTimeOffset Until)> _names = new();

    public string? Find(Guid studio, Guid person) =>
        _names.TryGetValue((studio, person), out var known) && known.Until > clock.GetUtcNow() ? known.Name : null;

    public void Keep(Guid studio, Guid person, string name)
    {
        if (_names.Count >= Most) _names.Clear();
        _names[(studio, person)] = (name, clock.GetUtcNow() + GoodFor);
    }
}
