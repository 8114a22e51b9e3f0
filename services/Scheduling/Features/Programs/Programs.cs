namespace FitFlow.Scheduling.Features.Programs;

internal sealed class Programs
{
    public Task<bool> HasActive(Guid client, CancellationToken ct) => throw new InvalidOperationException();
}
