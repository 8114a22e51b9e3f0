using FitFlow.Data;
using FitFlow.ServiceDefaults;

namespace FitFlow.Identity.Features.Accounts;

/// Takes away what counts no more: tokens that nobody used in time, old counts, places that nobody signs in from any more.
internal sealed partial class SweepAccounts(Db db, IConfiguration configuration, TimeProvider clock, ILogger<SweepAccounts> log) : BackgroundService
{
    private static readonly TimeSpan PlacesKeep = TimeSpan.FromDays(180);

    private readonly TimeSpan _pause = configuration.GetValue("Sweep:Every", TimeSpan.FromMinutes(10));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Sweep(stoppingToken);
            }
            catch (DependencyDownException e)
            {
                LogLater(e.Message);
            }

            await Task.Delay(_pause, clock, stoppingToken);
        }
    }

    private async Task Sweep(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await db.Global().Execute(
            """
            DELETE FROM one_time_tokens
            WHERE expires_at < @Now
            LIMIT 10000
            """, new { now }, ct);
        await db.Global().Execute(
            """
            DELETE FROM attempts
            WHERE expires_at < @Now
            LIMIT 10000
            """, new { now }, ct);
        await db.Global().Execute(
            """
            DELETE FROM known_places
            WHERE seen_at < @Before
            LIMIT 10000
            """, new { Before = now - PlacesKeep }, ct);
    }

    [LoggerMessage(LogLevel.Information, "What is out of date is swept later: {Reason}")]
    private partial void LogLater(string reason);
}
