using System.Diagnostics;
using FitFlow.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace FitFlow.Data.Events;

/// <summary>
/// Does each event's work once, in a transaction with the row that says so. A batch is one transaction; when it fails its messages are done
/// one by one, so that only the one at fault waits: shortly here, then as a row of <see cref="Retries"/>, at last in the error queue.
/// While the database is away nothing fails and nothing moves: the messages are held, and the queue keeps the rest.
/// </summary>
internal sealed partial class Inbox(Db db, Broker broker, IServiceScopeFactory services, EventSettings settings, TimeProvider clock, ILogger<Inbox> log) : IDisposable
{
    private readonly SemaphoreSlim _connections = new(settings.Connections);

    /// <summary>Returns when every message is done, waits as a row, or is in the error queue. Until then the broker is told nothing.</summary>
    public async Task Process(ReactionType reaction, IReadOnlyList<Message> delivered, CancellationToken ct)
    {
        // An aggregate belongs to one studio, so its order stays; and the connection changes studio as seldom as can be.
        var messages = delivered.DistinctBy(message => message.Id)
            .OrderBy(message => message.Envelope.TenantId).ThenBy(message => message.Envelope.Version).ToList();
        EventMetrics.Repeat(reaction, delivered.Count - messages.Count);
        if (messages.Count == 0 || await Tried(reaction, messages, ct) is null) return;

        var patience = settings.ShortRetries;
        foreach (var message in messages)
        {
            // When one was in vain after all its retries, whatever it needs is away: the next ones are not waited for as long.
            if (!await OneByOne(reaction, message, patience, ct)) patience = [];
        }
    }

    /// <summary>What failed for good, to where someone can look at it, with the reason.</summary>
    public async Task GiveUp(ReactionType reaction, ReadOnlyMemory<byte> body, Guid? id, Exception why, CancellationToken ct)
    {
        settings.Step?.Invoke("give up");
        var properties = new BasicProperties
        {
            MessageId = id?.ToString(),
            ContentType = "application/json",
            Headers = new Dictionary<string, object?>(StringComparer.Ordinal) { [Message.ErrorHeader] = Shortened(why, 500) },
        };
        await broker.Put(reaction.ErrorQueue, body, properties, ct);
        EventMetrics.Failed(reaction, why);
        LogGivenUp(reaction.Queue, id, why);
    }

    /// <summary>The work of these messages in one transaction, and <paramref name="also"/>.</summary>
    public async Task InOneTransaction(ReactionType reaction, IReadOnlyList<Message> messages, Func<Transaction, Task>? also, CancellationToken ct)
    {
        IReadOnlyList<Message> done;
        await _connections.WaitAsync(ct);
        try
        {
            // Not cancelled from here: a service that stops finishes what it has begun.
            done = await db.Global().InTransaction(async tx =>
            {
                settings.Step?.Invoke("claim");
                var todo = await new InboxClaim(tx, reaction).Take(messages, isRetry: also is not null);
                foreach (var message in todo)
                {
                    settings.Step?.Invoke("react");
                    await React(reaction, message, tx);
                }

                if (also is not null) await also(tx);
                settings.Step?.Invoke("commit work");
                return todo;
            }, CancellationToken.None);
            settings.Step?.Invoke("acknowledge");
        }
        finally
        {
            _connections.Release();
        }

        var now = clock.GetUtcNow();
        foreach (var message in done) EventMetrics.Processed(reaction, now - message.Envelope.Timestamp);
    }

    public void Dispose() => _connections.Dispose();

    public static string Shortened(Exception e, int length)
    {
        var text = $"{e.GetType().Name}: {e.Message}";
        return text.Length <= length ? text : text[..length];
    }

    /// <summary>Whether it came to an end here; otherwise it waits as a row.</summary>
    private async Task<bool> OneByOne(ReactionType reaction, Message message, IReadOnlyList<TimeSpan> patience, CancellationToken ct)
    {
        for (var attempt = 0; ; attempt++)
        {
            switch (await Tried(reaction, [message], ct))
            {
                case null:
                    return true;
                case PoisonException poison:
                    await GiveUp(reaction, message.Body, message.Id, poison, ct);
                    return true;
                case var _ when attempt < patience.Count:
                    await Task.Delay(patience[attempt], clock, ct);
                    break;
                case var failure:
                    await WhileDatabaseIsAway(() => Retries.Add(db, reaction, message, failure, clock.GetUtcNow(), settings.LongRetry(1)), ct);
                    EventMetrics.Retry(reaction, failure);
                    LogRetry(reaction.Queue, message.Id, failure);
                    return false;
            }
        }
    }

    /// <summary>What was wrong with it, or null.</summary>
    private async Task<Exception?> Tried(ReactionType reaction, IReadOnlyList<Message> messages, CancellationToken ct)
    {
        try
        {
            await WhileDatabaseIsAway(() => InOneTransaction(reaction, messages, also: null, ct), ct);
            return null;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            return e;
        }
    }

    /// <summary>The kill switch: an outage of this service's own database is no fault of any message.</summary>
    private async Task WhileDatabaseIsAway(Func<Task> work, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await work();
                return;
            }
            catch (DependencyDownException e) when (string.Equals(e.Dependency, "mysql", StringComparison.Ordinal))
            {
                if (attempt == 1) LogHeld(e.InnerException?.Message ?? e.Message);
                await Task.Delay(settings.Backoff(attempt), clock, ct);
            }
        }
    }

    private async Task React(ReactionType type, Message message, Transaction tx)
    {
        var envelope = message.Envelope;
        Correlation.Begin(new Correlation(envelope.CorrelationId, message.UserId));
        using var span = Span(type, message);
        await using var scope = services.CreateAsyncScope();
        var reaction = (Reaction)ActivatorUtilities.CreateInstance(scope.ServiceProvider, type.Type);
        try
        {
            await reaction.Run(envelope, tx.For(envelope.TenantId));
        }
        catch (Exception e)
        {
            span?.SetStatus(ActivityStatusCode.Error, e.GetType().Name).SetTag("error.type", e.GetType().Name);
            throw;
        }
    }

    /// <summary>Part of the trace in which the event was appended, whatever time has passed.</summary>
    private static Activity? Span(ReactionType reaction, Message message)
    {
        return EventMetrics.Start($"process {reaction.EventName}", ActivityKind.Consumer, message.TraceParent)?
            .SetTag("messaging.system", "rabbitmq")
            .SetTag("messaging.operation.type", "process")
            .SetTag("messaging.destination.name", reaction.Queue)
            .SetTag("messaging.message.id", message.Id);
    }

    [LoggerMessage(LogLevel.Error, "{Queue} gives up on {MessageId}; it is in the error queue")]
    private partial void LogGivenUp(string queue, Guid? messageId, Exception e);

    [LoggerMessage(LogLevel.Warning, "{Queue} failed on {MessageId} and will try again later")]
    private partial void LogRetry(string queue, Guid messageId, Exception e);

    [LoggerMessage(LogLevel.Warning, "The database is away, events are held until it is back: {Reason}")]
    private partial void LogHeld(string reason);
}
