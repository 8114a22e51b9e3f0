using System.Diagnostics;

namespace FitFlow.Bench;

/// <summary>What requests took, in milliseconds, in order of length.</summary>
internal sealed record Took(double[] Sorted, double PerSecond)
{
    public double Median => Sorted[Sorted.Length / 2];

    public double P95 => Sorted[(int)(Sorted.Length * 0.95)];

    public static Took Of(IEnumerable<double> milliseconds, TimeSpan during)
    {
        double[] sorted = [.. milliseconds.Order()];
        return new Took(sorted, sorted.Length / during.TotalSeconds);
    }
}

/// <summary>Requests at a measure: one after the other, as many as go, or so many a second whatever the answers take.</summary>
internal static class Load
{
    public static async Task<Took> OneByOne(int times, Func<int, Task> request)
    {
        var took = new double[times];
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < times; i++) took[i] = await Time(request, i);
        return Took.Of(took, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>Takes turns, so that whatever else the machine does meets both alike.</summary>
    public static async Task<(Took First, Took Second)> SideBySide(int times, Func<int, Task> first, Func<int, Task> second)
    {
        double[] ofFirst = new double[times], ofSecond = new double[times];
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < times; i++)
        {
            ofFirst[i] = await Time(first, i);
            ofSecond[i] = await Time(second, i);
        }

        var during = Stopwatch.GetElapsedTime(started);
        return (Took.Of(ofFirst, during), Took.Of(ofSecond, during));
    }

    /// <summary>Some at once, each sending its next request when it has its answer.</summary>
    public static async Task<Took> AsManyAsGo(int atOnce, TimeSpan during, Func<int, Task> request)
    {
        var started = Stopwatch.GetTimestamp();
        var took = await Task.WhenAll(Enumerable.Range(0, atOnce).Select(async caller =>
        {
            var mine = new List<double>();
            while (Stopwatch.GetElapsedTime(started) < during) mine.Add(await Time(request, caller));
            return mine;
        }));
        return Took.Of(took.SelectMany(mine => mine), Stopwatch.GetElapsedTime(started));
    }

    /// <summary>Measured from when a request was due: one that has to wait for another has waited.</summary>
    public static async Task<Took> AtRate(int perSecond, TimeSpan during, Func<int, Task> request, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        var sent = new List<Task<double>>();
        while (Stopwatch.GetElapsedTime(started) < during)
        {
            var due = (int)(Stopwatch.GetElapsedTime(started).TotalSeconds * perSecond);
            while (sent.Count < due) sent.Add(Late(TimeSpan.FromSeconds((double)sent.Count / perSecond), sent.Count));
            await Task.Delay(1, ct);
        }

        return Took.Of(await Task.WhenAll(sent), Stopwatch.GetElapsedTime(started));

        async Task<double> Late(TimeSpan due, int number)
        {
            await request(number);
            return (Stopwatch.GetElapsedTime(started) - due).TotalMilliseconds;
        }
    }

    private static async Task<double> Time(Func<int, Task> request, int number)
    {
        var at = Stopwatch.GetTimestamp();
        await request(number);
        return Stopwatch.GetElapsedTime(at).TotalMilliseconds;
    }
}
