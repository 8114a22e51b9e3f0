using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using System.Diagnostics;
using Dapper;
using FitFlow.Data.Events;
using FitFlow.ServiceDefaults;

namespace FitFlow.Data;

/// <summary>
/// The connections of one database user. Kept here and not by the driver, which asks the server two questions (are you there? this database?)
/// each time it lends one, and blocks a thread while none is free.
/// </summary>
internal sealed class Pool : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Whoever rested for longer is asked whether it still lives; far longer, and a firewall on the way has forgotten it.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5), Stale = TimeSpan.FromMinutes(5), Asking = TimeSpan.FromSeconds(2);

    private readonly Driver _driver;
    // Never disposed: who still has a connection when the pool closes gives it back later. It holds nothing that would leak.
    private readonly SemaphoreSlim _free;
    private readonly ConcurrentStack<Idle> _idle = new();
    private int _waiting;
    private long _trustedSince;
    private volatile bool _disposed;

    public Pool(string connectionString, int size)
    {
        _driver = new Driver(connectionString);
        _free = new SemaphoreSlim(size);
        Size = size;
        Database = Driver.Database(connectionString);
        User = Driver.Credentials(connectionString).User;
        Telemetry.Watch(this);
    }

    public string ConnectionString => _driver.ConnectionString;

    public string Database { get; }

    /// <summary>Set whenever a transaction of this pool appended events.</summary>
    public AppendSignal Appended { get; } = new();

    public string User { get; }

    public int Size { get; }

    public int InUse => Size - _free.CurrentCount;

    public int Waiting => Volatile.Read(ref _waiting);

    public async Task<Session> Open(CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        Interlocked.Increment(ref _waiting);
        try
        {
            if (!await _free.WaitAsync(Patience, ct))
            {
                throw new DependencyDownException("mysql", new TimeoutException($"No connection of {User} became free within {Patience.TotalSeconds:0} s."));
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        try
        {
            var (connection, isNew) = await Rested() is { } rested ? (rested, false) : (await Guard.Open(_driver, ct), true);
            Telemetry.Opened(this, started);
            return new Session(this, connection, isNew);
        }
        catch (Exception e)
        {
            _free.Release();
            var translated = Driver.Translate(e, ct);
            if (translated is null) throw;
            throw translated;
        }
    }

    public Task Interrupt(DbConnection busy) => _driver.Interrupt(busy);

    /// <summary>Takes back a connection. One on which something went wrong is closed (or was given up: null), and those that rest
    /// are asked before they are lent.</summary>
    public async ValueTask Return(DbConnection? connection, bool isSound)
    {
        try
        {
            if (connection is not null && isSound && connection.State == ConnectionState.Open && !_disposed)
            {
                _idle.Push(new Idle(connection, Stopwatch.GetTimestamp()));
                if (_disposed) await CloseIdle();
            }
            else
            {
                Volatile.Write(ref _trustedSince, Stopwatch.GetTimestamp());
                if (connection is not null) await connection.DisposeAsync();
            }
        }
        finally
        {
            _free.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        Telemetry.Forget(this);
        await CloseIdle();
        await _driver.DisposeAsync();
    }

    private async Task CloseIdle()
    {
        while (_idle.TryPop(out var idle)) await idle.Connection.DisposeAsync();
    }

    /// <summary>The one that came back last, if it still lives.</summary>
    private async Task<DbConnection?> Rested()
    {
        while (_idle.TryPop(out var idle))
        {
            var rested = Stopwatch.GetElapsedTime(idle.Since);
            if (rested < Fresh && idle.Since > Volatile.Read(ref _trustedSince)) return idle.Connection;
            if (rested < Stale && await Lives(idle.Connection)) return idle.Connection;
            await idle.Connection.DisposeAsync();
        }

        return null;
    }

    private static async Task<bool> Lives(DbConnection connection)
    {
        try
        {
            await connection.ExecuteAsync(new CommandDefinition("DO 0", flags: CommandFlags.NoCache)).WaitAsync(Asking);
            return true;
        }
        catch (Exception)
        {
            // Whatever is wrong with it, nobody has to hear of it: it is closed, and the next one asked.
            return false;
        }
    }

    private sealed record Idle(DbConnection Connection, long Since);
}
