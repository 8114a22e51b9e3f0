namespace FitFlow.Testing.Runner;

internal sealed record Tally(int Passed, int Failed)
{
    public static Tally operator +(Tally left, Tally right) => new(left.Passed + right.Passed, left.Failed + right.Failed);

    public override string ToString() => $"{Passed} passed, {Failed} failed";
}
