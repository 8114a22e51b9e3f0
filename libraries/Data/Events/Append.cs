using System.Diagnostics;
using System.Text;
using System.Text.Json;
using FitFlow.Contracts;
using FitFlow.Data.Events;
using FitFlow.ServiceDefaults;

namespace FitFlow.Data;

public sealed partial class Transaction
{
    /// <summary>
    /// Says <paramref name="e"/> to the world if, and only if, this transaction commits. Events of one aggregate are told in the order of
    /// their transactions, so the one that appends holds the lock of the aggregate's row: it has just written it.
    /// </summary>
    public void Append(Event e)
    {
        var now = Clock.GetUtcNow();
        _session.Appended.Add(new LoggedEvent(
            Seq: 0,
            Guid.CreateVersion7(now),
            e.AggregateId,
            EventNames.Of(e.GetType()),
            Tenant,
            Correlation.Current?.UserId,
            Correlation.Current?.Id ?? Guid.CreateVersion7(now).ToString("N"),
            JsonSerializer.Serialize(e, e.GetType(), Json.Options),
            Activity.Current?.Id,
            now));
    }

    /// <summary>This very transaction for another studio: how the inbox does the work of several in one.</summary>
    internal Transaction For(Guid? tenant) => new(_session, new Acting(tenant, Person: null), Clock, CancellationToken);
}

/// <summary>
/// Writes what was appended together with the COMMIT, in its round trip: saying something costs a transaction no way to the server, and
/// the place in the log is taken as late as can be.
/// </summary>
internal static class Outbox
{
    public const int RowsPerInsert = 100;

    private const string Insert =
        "INSERT INTO outbox (id, aggregate_id, type, tenant_id, user_id, correlation_id, payload, trace_parent, created_at) VALUES";

    public static Dictionary<string, object?> NoArgs() => new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The statement; what it needs is put into <paramref name="args"/>.</summary>
    public static string InsertAll(IReadOnlyList<LoggedEvent> events, Dictionary<string, object?> args)
    {
        var sql = new StringBuilder(Insert);
        for (var i = 0; i < events.Count; i++)
        {
            var e = events[i];
            sql.Append(i == 0 ? " " : ", ").Append($"(@I{i}, @A{i}, @E{i}, @T{i}, @U{i}, @C{i}, @P{i}, @S{i}, @W{i})");
            args[$"I{i}"] = e.Id;
            args[$"A{i}"] = e.AggregateId;
            args[$"E{i}"] = e.Type;
            args[$"T{i}"] = e.TenantId;
            args[$"U{i}"] = e.UserId;
            args[$"C{i}"] = e.CorrelationId;
            args[$"P{i}"] = e.Payload;
            args[$"S{i}"] = e.TraceParent;
            args[$"W{i}"] = e.CreatedAt;
        }

        return sql.ToString();
    }
}

/// <summary>Wakes the relay of this process as soon as there is something to send. Outlives the pool: a transaction may commit while that closes.</summary>
internal sealed class AppendSignal
{
    private readonly SemaphoreSlim _set = new(0, 1);

    public void Set()
    {
        lock (_set)
        {
            if (_set.CurrentCount == 0) _set.Release();
        }
    }

    /// <summary>Whether it was set before <paramref name="patience"/> was over.</summary>
    public Task<bool> Wait(TimeSpan patience, CancellationToken ct) => _set.WaitAsync(patience, ct);
}
