using System.Data;
using System.Data.Common;
using FitFlow.ServiceDefaults;

namespace FitFlow.Data;

/// <summary>
/// Ends what takes too long or what nobody waits for any more. The server is asked to stop the statement; a server that does not even do
/// that is given up together with the connection.
/// </summary>
internal sealed class Guard(Pool pool, DbConnection connection)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Opening = TimeSpan.FromSeconds(8);

    private Task? _lost;

    /// <summary>The server has not answered on this connection, and whatever it says later is of no use.</summary>
    public bool IsLost => _lost is not null;

    public static async Task<DbConnection> Open(DbDataSource source, CancellationToken ct)
    {
        // Away from the caller: the driver shakes hands synchronously in part.
        var opening = Task.Run(() => source.OpenConnectionAsync(CancellationToken.None).AsTask(), CancellationToken.None);
        try
        {
            return await opening.WaitAsync(Opening, ct);
        }
        catch (Exception)
        {
            _ = CloseOnce(opening);
            throw;
        }
    }

    public async Task<T> Run<T>(Func<Task<T>> statement, CancellationToken ct)
    {
        if (_lost is not null) throw new DependencyDownException("mysql", new TimeoutException("The connection was given up: the server did not answer on it."));
        // Dapper would open it again, and what was set for this session, and its transaction, would silently be missing.
        if (connection.State != ConnectionState.Open) throw new DependencyDownException("mysql", new IOException("The connection is closed."));
        ct.ThrowIfCancellationRequested();
        var running = statement();
        try
        {
            return await running.WaitAsync(Longest, ct);
        }
        catch (Exception e) when (!running.IsCompleted && e is TimeoutException or OperationCanceledException)
        {
            await Stop(running);
            ct.ThrowIfCancellationRequested();
            throw new DependencyDownException("mysql", new TimeoutException($"The statement took longer than {Longest.TotalSeconds:0} s.", e));
        }
    }

    /// <summary>The connection, for the pool to keep or close; null when it was given up, and is closed once the server lets go of it.</summary>
    public DbConnection? Leave()
    {
        if (_lost is null) return connection;
        _ = CloseOnce(_lost);
        return null;
    }

    /// <summary>Without anybody who waits for it.</summary>
    private static async Task CloseOnce(Task<DbConnection> opening)
    {
        await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (opening.IsCompletedSuccessfully) await (await opening).DisposeAsync();
    }

    private async Task CloseOnce(Task ended)
    {
        await ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await connection.DisposeAsync();
    }

    private async Task Stop(Task running)
    {
        var interrupting = pool.Interrupt(connection);
        var ended = Task.WhenAll(interrupting, running);
        try
        {
            await ended.WaitAsync(Grace);
        }
        catch (Exception) when (running.IsCompleted && interrupting.IsCompleted)
        {
            // However the statement ended: it was to end, and no interruption is under way that could hit the next one.
        }
        catch (TimeoutException)
        {
            _lost = ended;
        }
    }
}
