using FitFlow.Data;
using FitFlow.ServiceDefaults.Tokens;

namespace FitFlow.Identity.Features.Denials;

/// Takes denials away that are about nothing any more: every token they deny has expired by itself.
internal sealed partial class SweepDenials(Db db, DenyList list, TimeProvider clock, ILogger<SweepDenials> log) : BackgroundService
{
    private const int Page = 1_000;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Sweep(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogLater(e);
            }

            await Task.Delay(Pause, clock, stoppingToken);
        }
    }

    private async Task Sweep(CancellationToken ct)
    {
        while (await db.Global().Execute(
            """
            DELETE FROM denials
            WHERE signed_until < @Before
            LIMIT @Page
            """, new { Before = clock.GetUtcNow() - list.KeptFor, Page }, ct) == Page)
        {
        }
    }

    [LoggerMessage(LogLevel.Warning, "Old denials are swept later")]
    private partial void LogLater(Exception e);
}
