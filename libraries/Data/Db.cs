using FitFlow.ServiceDefaults;
using Microsoft.Extensions.Logging;

namespace FitFlow.Data;

/// <summary>The service's database. Says first for whom, then what: <c>db.ForTenant(caller.Studio).Query&lt;Booking&gt;(…)</c>.</summary>
public sealed partial class Db : IAsyncDisposable
{
    private readonly Pool _service;
    private readonly Pool? _across;
    private readonly TimeProvider _clock;
    private readonly ILogger<Db> _log;

    internal Db(Pool service, Pool? across, TimeProvider clock, ILogger<Db> log)
    {
        _service = service;
        _across = across;
        _clock = clock;
        _log = log;
    }

    internal Pool Service => _service;

    /// <summary>The rows of one studio, and the tables that belong to none.</summary>
    public DbScope ForTenant(Guid studio) => new(_service, new Acting(DbScope.Real(studio), Person: null), _clock, _log);

    /// <summary>The rows of one person wherever they train, and the tables that belong to nobody.</summary>
    public DbScope ForPerson(Guid person) => new(_service, new Acting(Tenant: null, DbScope.Real(person)), _clock, _log);

    /// <summary>Only the tables that belong to no studio and no person; every view is empty.</summary>
    public DbScope Global() => new(_service, Acting.Nobody, _clock, _log);

    /// <summary>
    /// Reads every studio and person, through the views <c>x_across</c>: for reminders and reports. Cannot write.
    /// The <paramref name="reason"/> is logged.
    /// </summary>
    public DbScope AcrossTenants(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        LogAcross(reason);
        return new DbScope(_across ?? throw new CannotStartException("This service has no ConnectionStrings:…-across, so it cannot read across studios."), Acting.Nobody, _clock, _log);
    }

    /// <summary>Closes the connections of both pools.</summary>
    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        if (_across is not null) await _across.DisposeAsync();
    }

    [LoggerMessage(LogLevel.Information, "Reading across studios: {Reason}")]
    private partial void LogAcross(string reason);
}
