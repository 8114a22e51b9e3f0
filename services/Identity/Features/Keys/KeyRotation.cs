namespace FitFlow.Identity.Features.Keys;

/// Makes a new key by the month and retires old ones, beside all other replicas: of two that make the same generation one is first.
internal sealed partial class KeyRotation(SigningKeys keys, KeySettings settings, TimeProvider clock, ILogger<KeyRotation> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await keys.NewestAge(stoppingToken) >= settings.Every && await keys.MakeNext(stoppingToken) is { } next) LogMade(next.Public.KeyId!, next.SignsFrom);
                if (await keys.Retire(stoppingToken) is > 0 and var retired) LogRetired(retired);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogLater(e);
            }

            await Task.Delay(settings.PublishedBefore / 15, clock, stoppingToken);
        }
    }

    [LoggerMessage(LogLevel.Information, "Key {Kid} is published and signs from {SignsFrom:O}")]
    private partial void LogMade(string kid, DateTimeOffset signsFrom);

    [LoggerMessage(LogLevel.Information, "Old keys retired: {Retired}")]
    private partial void LogRetired(int retired);

    [LoggerMessage(LogLevel.Warning, "Keys are looked after later")]
    private partial void LogLater(Exception e);
}
