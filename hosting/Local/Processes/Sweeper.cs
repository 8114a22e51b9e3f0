namespace FitFlow.Hosting.Local.Processes;

/// <summary>
/// Finds what a run has left behind: by the marker that each of its processes carries in its environment, and by the sessions that it wrote down
/// (a program may write over its environment to show a title). Never by name.
/// </summary>
internal static class Sweeper
{
    public const string Variable = "FITFLOW_RUN";
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(4);

    public static string Marker(Home home) => $"{home.Hash}:{ProcessIdentity.Current}";

    /// <summary>Ends the processes of this home whose AppHost is gone. Gives their number.</summary>
    public static async Task<int> SweepLeftovers(Home home, IReadOnlyCollection<ProcessIdentity> sessions, CancellationToken ct) =>
        await End(() => OfHome(home, owner => !owner.IsAlive).Concat(InSessions(sessions)), Grace, ct);

    /// <summary>Ends what is left of our own run.</summary>
    public static async Task<int> SweepOwn(Home home, IReadOnlyCollection<ProcessIdentity> sessions, TimeSpan grace, CancellationToken ct) =>
        await End(() => OfHome(home, owner => owner == ProcessIdentity.Current).Concat(InSessions(sessions)), grace, ct);

    /// <summary>Ends at once what is left in the session of a process that has ended itself.</summary>
    public static void EndSession(ProcessIdentity leader)
    {
        foreach (var process in InSessions([leader])) Signal.Send(process.Pid, Signal.Kill);
    }

    public static bool IsAnyoneIn(ProcessIdentity session) => InSessions([session]).Any();

    public static bool AnyLeft(Home home) => OfHome(home, owner => !owner.IsAlive).Any();

    private static async Task<int> End(Func<IEnumerable<ProcessIdentity>> find, TimeSpan grace, CancellationToken ct)
    {
        var ended = new HashSet<ProcessIdentity>();
        var deadline = Environment.TickCount64 + (long)grace.TotalMilliseconds;
        while (true)
        {
            var left = find().ToHashSet();
            if (left.Count == 0) return ended.Count;
            var late = Environment.TickCount64 > deadline;
            foreach (var process in left)
                if (ended.Add(process) || late) Signal.Send(process.Pid, late ? Signal.Kill : Signal.Terminate);
            await Task.Delay(50, ct);
        }
    }

    private static IEnumerable<ProcessIdentity> OfHome(Home home, Func<ProcessIdentity, bool> ownedBy)
    {
        foreach (var process in ProcFs.All().Where(p => !p.IsZombie && p.Pid != Environment.ProcessId))
        {
            if (ProcFs.Variable(process.Pid, Variable)?.Split(':') is [var hash, var owner] && hash == home.Hash && ProcessIdentity.Parse(owner) is { } apphost && ownedBy(apphost))
                yield return new(process.Pid, process.StartTicks);
        }
    }

    private static IEnumerable<ProcessIdentity> InSessions(IReadOnlyCollection<ProcessIdentity> leaders)
    {
        if (leaders.Count == 0) yield break;
        var processes = ProcFs.All().ToDictionary(p => p.Pid);
        foreach (var leader in leaders)
        {
            // A session keeps its number as long as anyone is in it; a leader of another age means another session.
            if (processes.TryGetValue(leader.Pid, out var now) && now.StartTicks != leader.StartTicks) continue;
            foreach (var process in processes.Values.Where(p => p.Session == leader.Pid && !p.IsZombie && p.StartTicks >= leader.StartTicks))
                yield return new(process.Pid, process.StartTicks);
        }
    }
}
