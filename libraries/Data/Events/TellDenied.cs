using System.Collections.Concurrent;
using FitFlow.Contracts;
using FitFlow.ServiceDefaults;
using Microsoft.Extensions.Logging;

namespace FitFlow.Data.Events;

/// <summary>
/// Tells <c>access.denied</c> of whoever is refused, for the audit: the first of a person, code and route in each minute, so that a loop of
/// attempts fills no log.
/// </summary>
internal sealed partial class TellDenied(Db db, ServiceName service, TimeProvider clock, ILogger<TellDenied> log)
{
    private const int MostInAMinute = 10_000;

    private volatile Minute _now = new(0);

    /// <summary>Whoever hangs up at once is told of all the same; and refused all the same when there is nowhere to tell it.</summary>
    public async ValueTask Tell(Denial denial, CancellationToken ct)
    {
        var kind = new Kind(denial.Caller.Token.Subject, denial.Code, denial.Method, denial.Route);
        var minute = CurrentMinute();
        if (minute.Told.Count >= MostInAMinute || !minute.Told.TryAdd(kind, default)) return;
        try
        {
            var scope = denial.Studio is { } studio ? db.ForTenant(studio) : db.Global();
            await scope.InTransaction(
                tx =>
                {
                    tx.Append(new AccessDenied(
                        Guid.CreateVersion7(clock.GetUtcNow()), denial.Caller.Token.PersonId, denial.Caller.Service, denial.Studio,
                        denial.Code, service.Value, denial.Method, denial.Route));
                    return Task.CompletedTask;
                },
                CancellationToken.None);
        }
        catch (DependencyDownException e)
        {
            minute.Told.TryRemove(kind, out _);
            LogNotTold(denial.Code, denial.Method, denial.Route, e);
        }
    }

    private Minute CurrentMinute()
    {
        var number = clock.GetUtcNow().ToUnixTimeSeconds() / 60;
        var now = _now;
        // Two that meet at the turn may each tell once: better than neither.
        return now.Number == number ? now : _now = new Minute(number);
    }

    [LoggerMessage(LogLevel.Warning, "A refusal ({Code}, {Method} {Route}) could not be told to the audit")]
    private partial void LogNotTold(string code, string method, string route, Exception e);

    private sealed record Kind(string Subject, string Code, string Method, string Route);

    private sealed class Minute(long number)
    {
        public long Number { get; } = number;

        public ConcurrentDictionary<Kind, byte> Told { get; } = new();
    }
}
