using System.Data.Common;
using FitFlow.ServiceDefaults;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FitFlow.Data;

/// <summary>Ready when MySQL answers and has every migration that this program was built with. What was verified once stays so.</summary>
internal sealed class SchemaReady(Db db, IReadOnlyList<Migration> migrations) : IHealthCheck
{
    // Reasons without stack traces: they are logged every few seconds while the server is away.
    private volatile bool _verified;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            if (_verified)
            {
                await db.Global().QueryOne<int>("SELECT 1", cancellationToken);
                return HealthCheckResult.Healthy();
            }

            var behind = History.Behind(migrations, await db.Global().Query<History.Entry>(History.Select, cancellationToken));
            _verified = behind is null;
            return _verified ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(behind);
        }
        catch (DependencyDownException e)
        {
            return HealthCheckResult.Unhealthy($"{e.Message} {e.InnerException?.Message}");
        }
        catch (DbException e)
        {
            // No such database, user or table: migrate has not run yet, or ran for other credentials.
            return HealthCheckResult.Unhealthy($"The database is not ready for this service: {e.Message}");
        }
    }
}
