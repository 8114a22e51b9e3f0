namespace FitFlow.Bench;

/// <summary>One number that was measured. Without a target it only tells.</summary>
internal sealed record Figure(string Name, double Value, string Unit, string? Target, bool Ok)
{
    public static Figure Told(string name, double value, string unit) => new(name, Round(value), unit, Target: null, Ok: true);

    public static Figure AtLeast(double target, string name, double value, string unit) => new(name, Round(value), unit, $">= {target}", value >= target);

    public static Figure Below(double target, string name, double value, string unit) => new(name, Round(value), unit, $"< {target}", value < target);

    private static double Round(double value) => Math.Round(value, value < 10 ? 2 : value < 100 ? 1 : 0);
}
