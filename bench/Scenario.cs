namespace FitFlow.Bench;

/// <summary>Something worth measuring. Says on <paramref name="progress"/> what it is doing; it takes a while.</summary>
internal delegate Task<IReadOnlyList<Figure>> Scenario(Action<string> progress, CancellationToken ct);
