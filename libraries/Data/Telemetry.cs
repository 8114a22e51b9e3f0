using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace FitFlow.Data;

/// <summary>
/// What ops see of SQL, under OpenTelemetry's names. Our own span and not the driver's: it names the statement, keeps values out
/// and knows the rows.
/// </summary>
internal static class Telemetry
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string Source = "FitFlow.Data";

    public static readonly ActivitySource Activities = new(Source);
    public static readonly Meter Meter = new(Source);

    private static readonly ConcurrentDictionary<Pool, KeyValuePair<string, object?>> Pools = new();

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "db.client.operation.duration", "s", "How long a statement took, the way to the server included.");

    private static readonly Histogram<double> Wait = Meter.CreateHistogram<double>(
        "db.client.connection.wait_time", "s", "How long it took to get an open connection.");

    static Telemetry()
    {
        Meter.CreateObservableGauge("db.client.connection.used", () => Measure(pool => pool.InUse), "{connection}", "Connections at work.");
        Meter.CreateObservableGauge("db.client.connection.max", () => Measure(pool => pool.Size), "{connection}", "Connections there may be.");
        Meter.CreateObservableGauge("db.client.connection.pending_requests", () => Measure(pool => pool.Waiting), "{request}", "Who waits for a connection.");
    }

    public static void Watch(Pool pool) => Pools[pool] = new("db.client.connection.pool.name", pool.User);

    public static void Forget(Pool pool) => Pools.TryRemove(pool, out _);

    public static Activity? Statement(Statement statement, DbConnection connection)
    {
        if (!Activities.HasListeners()) return null;
        var span = Activities.StartActivity(statement.Name, ActivityKind.Client);
        if (span is not { IsAllDataRequested: true }) return span;
        return span
            .SetTag("db.system", "mysql")
            .SetTag("db.system.name", "mysql")
            .SetTag("db.namespace", connection.Database)
            .SetTag("db.operation.name", statement.Operation)
            .SetTag("db.statement", statement.Text)
            .SetTag("server.address", connection.DataSource);
    }

    public static void Failed(Activity? span, Exception e) =>
        span?.SetTag("error.type", Driver.Number(e) is var number and not 0 ? number.ToString() : e.GetType().Name)
            .SetStatus(ActivityStatusCode.Error, e.GetType().Name);

    public static void Took(Statement statement, string database, long started, Exception? e)
    {
        if (!Duration.Enabled) return;
        var tags = new TagList { { "db.system.name", "mysql" }, { "db.namespace", database }, { "db.operation.name", statement.Operation } };
        if (e is not null) tags.Add("error.type", e.GetType().Name);
        Duration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, tags);
    }

    public static void Opened(Pool pool, long started)
    {
        if (Wait.Enabled && Pools.TryGetValue(pool, out var tag)) Wait.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, tag);
    }

    private static IEnumerable<Measurement<int>> Measure(Func<Pool, int> what) => Pools.Select(pool => new Measurement<int>(what(pool.Key), pool.Value));
}
