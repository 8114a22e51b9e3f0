using System.Diagnostics;

namespace FitFlow.Bench.Hosting;

/// <summary>What a developer waits for, in a clone of its own: the first `up`, the later ones, and `down`.</summary>
internal static class HostingScenario
{
    private const int Rounds = 3;

    public static async Task<IReadOnlyList<Figure>> Run(Action<string> progress, CancellationToken ct)
    {
        using var clone = await Clone.Of(Clone.Root(), ct);
        progress($"the first up, in {clone.Folder}: nothing is unpacked, nothing is built");
        var cold = await clone.Time(ct, "up", "--detach");
        var downs = new List<double> { await clone.Time(ct, "down") };
        var warm = new List<double>();
        for (var round = 1; round <= Rounds; round++)
        {
            progress($"up again, {round} of {Rounds}");
            warm.Add(await clone.Time(ct, "up", "--detach"));
            downs.Add(await clone.Time(ct, "down"));
        }

        return
        [
            Figure.Below(180, "cold up, nothing unpacked or built", cold, "s"),
            Figure.Below(20, $"warm up, the slowest of {Rounds}", warm.Max(), "s"),
            Figure.Below(5, $"down, the slowest of {downs.Count}", downs.Max(), "s"),
            Figure.Told("warm up / cold up", warm.Max() / cold, ""),
        ];
    }
}
