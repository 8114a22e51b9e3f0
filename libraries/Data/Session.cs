using System.Data.Common;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Dapper;
using FitFlow.Data.Events;
using FitFlow.Data.Idempotency;
using Microsoft.AspNetCore.Http;

namespace FitFlow.Data;

/// <summary>One connection, lent by the pool, that runs statements for whoever it is told to act for.</summary>
internal sealed class Session(Pool pool, DbConnection connection, bool isNew) : IAsyncDisposable
{
    private readonly Guard _guard = new(pool, connection);
    private readonly bool _mariaDb = connection.ServerVersion.Contains("MariaDB", StringComparison.OrdinalIgnoreCase);
    private Acting? _inEffect;
    private bool _begun;
    private bool _isNew = isNew;
    private bool _isSound = true;

    /// <summary>
    /// Why the transaction is over for the server, or may be: a deadlock has rolled it back, a lost connection too. Work that caught it must not
    /// go on, for each further statement would be committed by itself.
    /// </summary>
    private ExceptionDispatchInfo? _ended;

    public Task<int> Execute(Acting acting, bool inTransaction, string sql, object? args, CancellationToken ct) =>
        Run(acting, inTransaction, sql, args, static async (connection, command) =>
        {
            var affected = await connection.ExecuteAsync(command);
            return (affected, affected);
        }, ct);

    public Task<List<T>> Query<T>(Acting acting, bool inTransaction, string sql, object? args, CancellationToken ct) =>
        Run(acting, inTransaction, sql, args, static async (connection, command) =>
        {
            await using var reader = (DbDataReader)await connection.ExecuteReaderAsync(command);
            var rows = await Read<T>(reader);
            return (rows, rows.Count);
        }, ct);

    /// <summary>The events of this transaction: written with its COMMIT.</summary>
    public List<LoggedEvent> Appended { get; } = [];

    /// <summary>What the request is answered, if this transaction says so itself.</summary>
    public IResult? Said { get; set; }

    /// <summary>The answer to be kept, if any: written with the COMMIT of what it answers for.</summary>
    public Answer? Answer { get; set; }

    /// <summary>What is done once this transaction is committed, and not if it is rolled back.</summary>
    public List<Func<CancellationToken, Task>> AfterCommit { get; } = [];

    /// <summary>Not cancelled half-way: a COMMIT whose answer nobody waits for has an unknown outcome.</summary>
    public async Task Commit(Acting acting)
    {
        _ended?.Throw();
        if (Appended.Count == 0 && Answer is null)
        {
            await End("COMMIT");
            return;
        }

        var (sql, args) = Answer is null ? ("", Outbox.NoArgs()) : ($"{Answer.Insert};\n", Answer.Args());
        try
        {
            foreach (var events in Appended.Chunk(Outbox.RowsPerInsert))
            {
                sql += $"{Outbox.InsertAll(events, args)};\n";
                if (events[^1] == Appended[^1]) break;
                await Execute(acting, inTransaction: true, sql, args, CancellationToken.None);
                (sql, args) = ("", Outbox.NoArgs());
            }

            await Execute(acting, inTransaction: true, sql + "COMMIT", args, CancellationToken.None);
        }
        catch (UniqueViolation e) when (Answer is not null)
        {
            throw new AnsweredMeanwhile(e); // Nothing else that is written here has a key of its own.
        }

        _begun = false;
        if (Appended.Count > 0) pool.Appended.Set();
    }

    public Task Rollback() => End("ROLLBACK");

    public ValueTask DisposeAsync() => pool.Return(_guard.Leave(), _isSound && !_begun);

    private static async Task<List<T>> Read<T>(DbDataReader reader)
    {
        var rows = new List<T>();
        if (reader.FieldCount > 0)
        {
            var shape = Rows<T>.Shape(reader);
            while (await reader.ReadAsync()) rows.Add(shape(reader));
        }

        // An error in what follows the rows only shows when it is read.
        while (await reader.NextResultAsync())
        {
        }

        return rows;
    }

    private async Task<TResult> Run<TResult>(
        Acting acting, bool inTransaction, string sql, object? args, Func<DbConnection, CommandDefinition, Task<(TResult, int)>> run, CancellationToken ct)
    {
        _ended?.Throw();
        var statement = Statement.Of(sql);
        var parameters = Values.Parameters(statement, args);
        var prefix = _inEffect == acting ? "" : _isNew ? acting.Open(_mariaDb) : acting.Switch();
        if (inTransaction && !_begun) prefix += "START TRANSACTION;";
        // Dapper's cache would keep one entry for every studio: the prefix differs.
        var command = new CommandDefinition(prefix + sql, parameters, flags: CommandFlags.Buffered | CommandFlags.NoCache);

        using var span = Telemetry.Statement(statement, connection);
        var started = Stopwatch.GetTimestamp();
        try
        {
            _inEffect = acting;
            _begun |= inTransaction;
            var (result, rows) = await _guard.Run(() => run(connection, command), ct);
            _isNew = false;
            span?.SetTag("db.response.returned_rows", rows);
            Telemetry.Took(statement, pool.Database, started, null);
            return result;
        }
        catch (Exception e)
        {
            Telemetry.Failed(span, e);
            Telemetry.Took(statement, pool.Database, started, e);
            // How far the server came is not known: say again for whom, and lend this connection to nobody else, unless it was a plain refusal.
            _inEffect = null;
            var translated = Driver.Translate(e, ct);
            _isSound &= translated is UniqueViolation or TenantViolation or LockConflict;
            if (_begun && translated is not (UniqueViolation or TenantViolation)) _ended = ExceptionDispatchInfo.Capture(translated ?? e);
            if (translated is null) throw;
            throw translated;
        }
    }

    private async Task End(string how)
    {
        if (!_begun || _guard.IsLost) return;
        _begun = false;
        try
        {
            await _guard.Run(() => connection.ExecuteAsync(new CommandDefinition(how, flags: CommandFlags.NoCache)), CancellationToken.None);
        }
        catch (Exception e)
        {
            _isSound = false;
            var translated = Driver.Translate(e, CancellationToken.None);
            if (translated is null) throw;
            throw translated;
        }
    }
}
