namespace FitFlow.Data.Events;

/// <summary>
/// The right to publish this database's events: a lock that MySQL holds for one connection, on which the relay also reads and marks. Who
/// lost the connection lost the lock, and can neither read nor mark: there is no moment at which two relays both believe in theirs.
/// A process that dies frees it at once; one that is only silent (stopped, cut off) when the server has heard nothing for
/// <see cref="EventSettings.LeaseSeconds"/>.
/// </summary>
/// <remarks>
/// What a relay has in hand when it loses the lease it may still publish, for a broker asks nobody. That is why nothing depends on being
/// alone: a relay publishes an event only after it had the broker's word for every earlier unsent one of the aggregate, so whatever two
/// relays do at once, the first copy of an event never comes before the first copy of the one before it; later copies are repeats, which
/// the inbox drops. Marks name rows, not a position, so a late one takes nothing back. A lease row with a fencing number would fence the
/// same statements that the connection already fences, cost a write every few seconds, and free a dead relay's lease only when it expires.
/// </remarks>
internal sealed class RelayLease : IAsyncDisposable
{
    private const string Name = "CONCAT('fitflow.relay.', DATABASE())";

    private readonly Session _session;

    private RelayLease(Session session) => _session = session;

    /// <summary>Waits up to a second for whoever holds it; null when they still do.</summary>
    public static async Task<RelayLease?> Acquire(Pool pool, int seconds, CancellationToken ct)
    {
        var session = await pool.Open(ct);
        RelayLease? lease = null;
        try
        {
            // The seconds are a number of ours; SET takes no parameter here.
            await session.Execute(Acting.Nobody, inTransaction: false, $"SET SESSION wait_timeout = {seconds}", args: null, ct);
            var got = await session.Query<long?>(Acting.Nobody, inTransaction: false, $"SELECT GET_LOCK({Name}, 1)", args: null, ct);
            if (got is [1]) lease = new RelayLease(session);
            return lease;
        }
        finally
        {
            if (lease is null) await session.DisposeAsync();
        }
    }

    public Task<List<T>> Query<T>(string sql, object? args, CancellationToken ct) => _session.Query<T>(Acting.Nobody, inTransaction: false, sql, args, ct);

    public Task Execute(string sql, object? args, CancellationToken ct) => _session.Execute(Acting.Nobody, inTransaction: false, sql, args, ct);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _session.Execute(Acting.Nobody, inTransaction: false, $"DO RELEASE_LOCK({Name})", args: null, CancellationToken.None);
        }
        catch (ServiceDefaults.DependencyDownException)
        {
            // The connection is gone, and the lock with it.
        }
        finally
        {
            await _session.DisposeAsync();
        }
    }
}
