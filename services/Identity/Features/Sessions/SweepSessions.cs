using FitFlow.Data;
using FitFlow.ServiceDefaults;

namespace FitFlow.Identity.Features.Sessions;

/// Takes away what can do nothing any more: refresh tokens that have expired, and sessions that ended or whose last token has.
internal sealed partial class SweepSessions(Db db, IConfiguration configuration, TimeProvider clock, ILogger<SweepSessions> log) : BackgroundService
{
    private const int Page = 1_000;

    /// An ended session stays a day: longer than the denial of its access tokens is needed, long enough for "who was that?".
    private static readonly TimeSpan Keep = TimeSpan.FromDays(1);

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

    /// In pages: nobody waits long for a lock. Replicas that sweep at once do no harm.
    private async Task Sweep(CancellationToken ct)
    {
        var before = new { Page, Now = clock.GetUtcNow(), Ended = clock.GetUtcNow() - Keep, Unseen = clock.GetUtcNow() - SessionRows.Lifetime - Keep };
        while (await db.Global().Execute(
            """
            DELETE FROM refresh_tokens
            WHERE expires_at < @Now
            LIMIT @Page
            """, before, ct) == Page)
        {
        }

        while (await db.Global().Execute(
            """
            DELETE FROM sessions
            WHERE ended_at < @Ended
            LIMIT @Page
            """, before, ct) == Page)
        {
        }

        while (await db.Global().Execute(
            """
            DELETE FROM sessions
            WHERE last_seen_at < @Unseen
            LIMIT @Page
            """, before, ct) == Page)
        {
        }
    }

    [LoggerMessage(LogLevel.Information, "Old sessions are swept later: {Reason}")]
    private partial void LogLater(string reason);
}
