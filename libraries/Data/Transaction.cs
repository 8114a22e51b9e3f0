using Microsoft.AspNetCore.Http;

namespace FitFlow.Data;

/// <summary>
/// One transaction, READ COMMITTED, as given to the work of <see cref="DbScope.InTransaction{T}"/>. It begins with its first statement,
/// is committed when the work returns and rolled back when it throws. Statements run one after the other.
/// </summary>
public sealed partial class Transaction
{
    private readonly Session _session;
    private readonly Acting _acting;

    internal Transaction(Session session, Acting acting, TimeProvider clock, CancellationToken ct)
    {
        _session = session;
        _acting = acting;
        Clock = clock;
        CancellationToken = ct;
    }

    /// <summary>The studio whose rows are seen, if any.</summary>
    public Guid? Tenant => _acting.Tenant;

    /// <summary>The person whose rows are seen, if any.</summary>
    public Guid? Person => _acting.Person;

    /// <summary>Cancels the request or message that this transaction belongs to; every statement gets it.</summary>
    public CancellationToken CancellationToken { get; }

    internal TimeProvider Clock { get; }

    /// <summary>This very transaction, seeing and writing the rows that belong to <paramref name="person"/> besides the studio's.</summary>
    public Transaction ForPerson(Guid person) => new(_session, _acting with { Person = DbScope.Real(person) }, Clock, CancellationToken);

    /// <summary>
    /// Runs <paramref name="then"/> once this is committed: to tell at once what others would find out later. It may be lost, since the process can
    /// end between the two; it has two seconds; and if it fails that is logged, and no fault of what was committed.
    /// </summary>
    public void AfterCommit(Func<CancellationToken, Task> then) => _session.AfterCommit.Add(then);

    /// <inheritdoc cref="AfterCommit(Func{CancellationToken, Task})"/>
    public void AfterCommit(Action then) => AfterCommit(_ =>
    {
        then();
        return Task.CompletedTask;
    });

    /// <summary>
    /// Says what the request is answered once this is committed, where the work's result is something else than the answer: kept with it under an
    /// <c>Idempotency-Key</c>.
    /// </summary>
    public void Answer(IResult answer) => _session.Said = answer;

    /// <summary>This very transaction in another studio: for what is to happen to one person in several studios at once, or in none.</summary>
    public Transaction ForTenant(Guid studio) => new(_session, _acting with { Tenant = DbScope.Real(studio) }, Clock, CancellationToken);

    /// <summary>Runs a statement and returns how many rows it found (not: changed).</summary>
    public Task<int> Execute(string sql, object? args = null) => _session.Execute(_acting, inTransaction: true, sql, args, CancellationToken);

    /// <summary>All rows.</summary>
    public async Task<IReadOnlyList<T>> Query<T>(string sql, object? args = null) =>
        await _session.Query<T>(_acting, inTransaction: true, sql, args, CancellationToken);

    /// <summary>The one row, or default when there is none. More than one is an error.</summary>
    public async Task<T?> QueryOne<T>(string sql, object? args = null) =>
        DbScope.One(await _session.Query<T>(_acting, inTransaction: true, sql, args, CancellationToken));
}
