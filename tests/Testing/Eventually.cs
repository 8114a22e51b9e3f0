using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace FitFlow.Testing;

/// <summary>Waits for what comes about by itself. The limit is generous: it ends a hopeless wait, and measures nothing.</summary>
public static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Task Holds(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        Holds(() => Task.FromResult(condition()), what);

    public static async Task Holds(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > Limit) throw new TimeoutException($"After {Limit.TotalSeconds} s still not so: {what}");
            await Task.Delay(20);
        }
    }
}
