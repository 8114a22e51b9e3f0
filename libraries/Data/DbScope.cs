using FitFlow.Data.Idempotency;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FitFlow.Data;

/// <summary>
/// SQL for one studio, one person, nobody in particular, or all. Each call borrows a connection for as long as it runs. Whatever the
/// server refuses for being away becomes <see cref="ServiceDefaults.DependencyDownException"/>; a deadlock is tried again.
/// </summary>
public sealed partial class DbScope
{
    private static readonly TimeSpan AfterCommit = TimeSpan.FromSeconds(2);

    private readonly Pool _pool;
    private readonly Acting _acting;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;

    internal DbScope(Pool pool, Acting acting, TimeProvider clock, ILogger? log = null)
    {
        _pool = pool;
        _acting = acting;
        _clock = clock;
        _log = log ?? NullLogger.Instance;
    }

    /// <summary>All rows.</summary>
    public async Task<IReadOnlyList<T>> Query<T>(string sql, object? args, CancellationToken ct) =>
        await Retry.OnLockConflict(async () =>
        {
            await using var session = await _pool.Open(ct);
            return await session.Query<T>(_acting, inTransaction: false, sql, args, ct);
        }, _clock, ct);

    /// <summary>All rows.</summary>
    public Task<IReadOnlyList<T>> Query<T>(string sql, CancellationToken ct) => Query<T>(sql, args: null, ct);

    /// <summary>The one row, or default when there is none. More than one is an error.</summary>
    public async Task<T?> QueryOne<T>(string sql, object? args, CancellationToken ct) => One(await Query<T>(sql, args, ct));

    /// <summary>The one row, or default when there is none. More than one is an error.</summary>
    public Task<T?> QueryOne<T>(string sql, CancellationToken ct) => QueryOne<T>(sql, args: null, ct);

    /// <summary>Runs one statement, in a transaction of its own, and returns how many rows it found (not: changed).</summary>
    public Task<int> Execute(string sql, object? args, CancellationToken ct) =>
        Retry.OnLockConflict(async () =>
        {
            await using var session = await _pool.Open(ct);
            return await session.Execute(_acting, inTransaction: false, sql, args, ct);
        }, _clock, ct);

    /// <summary>Runs one statement, in a transaction of its own, and returns how many rows it found (not: changed).</summary>
    public Task<int> Execute(string sql, CancellationToken ct) => Execute(sql, args: null, ct);

    /// <summary>
    /// Runs <paramref name="work"/> in one transaction, READ COMMITTED. On a deadlock or lock timeout all of it is run again, so it does
    /// nothing but SQL. A connection that breaks during COMMIT leaves the outcome unknown: that is
    /// <see cref="ServiceDefaults.DependencyDownException"/>, and never tried again here.
    /// </summary>
    public async Task<T> InTransaction<T>(Func<Transaction, Task<T>> work, CancellationToken ct)
    {
        // Each attempt has a session of its own: what a lost attempt wanted done afterwards is gone with it.
        var (result, afterwards) = await Retry.OnLockConflict(async () =>
        {
            await using var session = await _pool.Open(ct);
            var transaction = new Transaction(session, _acting, _clock, ct);
            try
            {
                var result = await work(transaction);
                ct.ThrowIfCancellationRequested();
                session.Answer = await KeyedRequest.AnswerOf(session.Said ?? (object?)result, _clock.GetUtcNow());
                await session.Commit(_acting);
                if (session.Answer is not null) KeyedRequest.Current!.IsAnswered = true;
                return (result, session.AfterCommit);
            }
            catch (Exception e)
            {
                await Undo(session, e);
                throw;
            }
        }, _clock, ct);
        if (afterwards.Count > 0) await Do(afterwards);
        return result;
    }

    /// <inheritdoc cref="InTransaction{T}"/>
    public Task InTransaction(Func<Transaction, Task> work, CancellationToken ct) =>
        InTransaction(async transaction =>
        {
            await work(transaction);
            return true;
        }, ct);

    internal static Guid Real(Guid id) => id == Guid.Empty ? throw new ArgumentException("An empty id belongs to nobody.", nameof(id)) : id;

    internal static T? One<T>(IReadOnlyList<T> rows) =>
        rows.Count <= 1 ? rows.FirstOrDefault() : throw new InvalidOperationException($"{rows.Count} rows where at most one was expected.");

    /// <summary>Not with the caller's cancellation: it is committed, whoever waits for it.</summary>
    private async Task Do(IEnumerable<Func<CancellationToken, Task>> afterwards)
    {
        using var limit = new CancellationTokenSource(AfterCommit, _clock);
        foreach (var then in afterwards)
        {
            try
            {
                await then(limit.Token).WaitAsync(limit.Token);
            }
            catch (Exception e)
            {
                LogAfterCommit(e);
            }
        }
    }

    private static async Task Undo(Session session, Exception why)
    {
        try
        {
            await session.Rollback();
        }
        catch (Exception e) when (why is not LockConflict)
        {
            // The server rolls back what it loses sight of; what the caller has to hear is why the work failed.
            why.Data["rollback"] = e.Message;
        }
    }

    [LoggerMessage(LogLevel.Warning, "A transaction is committed, and what was to follow it failed")]
    private partial void LogAfterCommit(Exception e);
}
