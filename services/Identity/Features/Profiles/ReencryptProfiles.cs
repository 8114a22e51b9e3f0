using FitFlow.Data;
using FitFlow.Data.Encryption;
using FitFlow.ServiceDefaults;

namespace FitFlow.Identity.Features.Profiles;

/// Once a day, what was written under an older key is written anew under the current one. Any number of replicas may do it at once.
internal sealed partial class ReencryptProfiles(Db db, FieldEncryption encryption, TimeProvider clock, ILogger<ReencryptProfiles> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromDays(1), AfterTrouble = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Not while everything starts.
        var wait = AfterTrouble;
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(wait, clock, stoppingToken);
            wait = await Run(stoppingToken) ? Pause : AfterTrouble;
        }
    }

    private async Task<bool> Run(CancellationToken ct)
    {
        try
        {
            foreach (var column in SealedProfile.Columns)
            {
                var done = 0;
                await foreach (var page in encryption.Reencrypt(db, column, log, ct)) done += page.Done;
                if (done > 0) LogDone(column.Column, done);
            }

            return true;
        }
        catch (DependencyDownException e)
        {
            LogLater(e.Message);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Information, "{Column} of {Count} profiles was re-encrypted under the current key")]
    private partial void LogDone(string column, int count);

    [LoggerMessage(LogLevel.Warning, "Re-encryption goes on later: {Reason}")]
    private partial void LogLater(string reason);
}
