using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FitFlow.ServiceDefaults.Tokens;

/// <summary>
/// Keeps the deny list up to date: hears over Redis what is denied now, and asks for the truth every few seconds, since a message can be lost
/// and Redis can be away. At the start it waits a little for the first copy, and then starts without: nobody can know of a person's token
/// before, and those are answered 503, but Identity's absence keeps no service from starting.
/// </summary>
public sealed partial class DenialFeed(IDenials denials, DenyList list, Func<Redis> connect, TimeProvider clock, ILogger<DenialFeed> logger) : BackgroundService, IHealthCheck
{
    public const string Channel = "identity.denials";

    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _hurry = new(0, 1);
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset? _readAt;
    private long _next;

    /// <summary>Says it here at once, and to all others if Redis is there; those who miss it ask within seconds.</summary>
    public static Task Tell(DeniedTokens denied, DenyList list, Redis redis, CancellationToken ct)
    {
        list.Add(denied);
        return redis.Publish(Channel, JsonSerializer.Serialize(denied, Json.Options), ct);
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!denials.CanBeAsked) return;
        list.WaitFor(denials.Source);
        connect().Subscribe(Channel, Hear, Hurry);
        await base.StartAsync(cancellationToken);
        await Task.WhenAny(_first.Task, Task.Delay(Patience, clock, cancellationToken));
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        !denials.CanBeAsked || clock.GetUtcNow() - _readAt < Late
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded(_readAt is { } at ? $"The deny list was last read at {at:O}." : "The deny list was never read: signed-in people get 503."));

    public override void Dispose()
    {
        _hurry.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var wasThere = true;
        while (!stoppingToken.IsCancellationRequested)
        {
            var isThere = await TryRead(wasThere, stoppingToken);
            // Until there is a first copy nobody can be served: not a moment longer than necessary.
            await _hurry.WaitAsync(isThere || _readAt is not null ? Poll : TimeSpan.FromSeconds(1), stoppingToken);
            wasThere = isThere;
        }
    }

    private async Task<bool> TryRead(bool wasThere, CancellationToken stopping)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(Patience);
        try
        {
            var page = await denials.Since(_next, limit.Token);
            foreach (var denied in page.Data) list.Add(denied);
            list.Forget();
            list.IsWhole();
            (_next, _readAt) = (page.Next, clock.GetUtcNow());
            _first.TrySetResult();
            return true;
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            if (wasThere) LogAway(denials.Source, exception);
            return false;
        }
    }

    private void Hear(string message) => list.Add(JsonSerializer.Deserialize<DeniedTokens>(message, Json.Options) ?? throw new JsonException("An empty denial."));

    private void Hurry()
    {
        try
        {
            _hurry.Release();
        }
        catch (Exception exception) when (exception is SemaphoreFullException or ObjectDisposedException)
        {
            // Somebody was quicker, or the service stops.
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Source} does not say what is denied; going on with what is known and what is heard over Redis")]
    private partial void LogAway(string source, Exception exception);
}
