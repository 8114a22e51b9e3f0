using FitFlow.Data.Events;
using FitFlow.ServiceDefaults;
using MassTransit;
using Event = FitFlow.Contracts.Event;

namespace FitFlow.Data.Tests.Events;

/// <summary>The event of these tests.</summary>
[EntityName("test.counted")]
public sealed record Counted(Guid Counter, int Number) : Event
{
    protected override Guid About => Counter;
}

/// <summary>What a reaction did: nothing in the table keeps it from being there twice.</summary>
public sealed record Effect(ulong Position, Guid Counter, int Number, Guid? Tenant, string CorrelationId, Guid? UserId, string? Trace);

/// <summary>Writes down everything it hears.</summary>
public sealed class Note : Reaction<Counted>
{
    protected override Task React(Counted e, Transaction tx) => Write(e, tx, Envelope);

    internal static Task Write(Counted e, Transaction tx, Envelope envelope) => tx.Execute(
        """
        INSERT INTO effects (counter, number, tenant, correlation_id, user_id, trace)
        VALUES (@Counter, @Number, @Tenant, @CorrelationId, @UserId, @trace)
        """,
        new
        {
            e.Counter,
            e.Number,
            tx.Tenant,
            envelope.CorrelationId,
            Correlation.Current?.UserId,
            trace = System.Diagnostics.Activity.Current?.TraceId.ToHexString(),
        });
}

[LatestOnly]
public sealed class KeepNewest : Reaction<Counted>
{
    protected override Task React(Counted e, Transaction tx) => Note.Write(e, tx, Envelope);
}

/// <summary>Fails as often as it is told to.</summary>
public sealed class Stumble(Stumbles stumbles) : Reaction<Counted>
{
    protected override async Task React(Counted e, Transaction tx)
    {
        await Note.Write(e, tx, Envelope);
        if (stumbles.Next(e) is { } failure) throw failure;
    }
}

public sealed class Stumbles(Func<Counted, int, Exception?> when)
{
    private readonly Dictionary<Counted, int> _attempts = [];

    public Exception? Next(Counted e)
    {
        lock (_attempts)
        {
            _attempts[e] = _attempts.GetValueOrDefault(e) + 1;
            return when(e, _attempts[e]);
        }
    }
}
