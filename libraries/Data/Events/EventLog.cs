using FitFlow.Contracts;
using RabbitMQ.Client;

namespace FitFlow.Data.Events;

/// <summary>What can be done by hand, or by a job: poison messages again, or the log again for one consumer.</summary>
public sealed class EventLog
{
    private const ulong Window = 5_000;

    /// <summary>Below what the client lets wait for confirms on one channel.</summary>
    private const int UnderWay = 100;

    private readonly Db _db;
    private readonly Broker _broker;
    private readonly Reactions _reactions;
    private readonly TimeProvider _clock;

    internal EventLog(Db db, Broker broker, Reactions reactions, TimeProvider clock)
    {
        _db = db;
        _broker = broker;
        _reactions = reactions;
        _clock = clock;
    }

    /// <summary>
    /// Asks whoever publishes it for every event since <paramref name="since"/> that the reaction <typeparamref name="T"/> of this service
    /// would have heard, had it been there. Its queue must be declared. What the reaction did more than 30 days
    /// ago it does again: its inbox has forgotten it.
    /// </summary>
    public Task Ask<T>(DateTimeOffset since, CancellationToken ct)
        where T : Reaction
    {
        var reaction = _reactions.All.Single(reaction => reaction.Type == typeof(T));
        return _db.Global().InTransaction(tx =>
        {
            tx.Append(new ReplayAsked(Guid.CreateVersion7(_clock.GetUtcNow()), reaction.Queue, reaction.EventName, since));
            return Task.CompletedTask;
        }, ct);
    }

    /// <summary>
    /// Puts what is in the error queue of a reaction back into its queue: through the inbox, so what was done is not done twice. Returns how
    /// many.
    /// </summary>
    public Task<int> ReplayErrors(string queue, CancellationToken ct) => _broker.Move(ReactionType.ErrorQueueOf(queue), queue, ct);

    /// <summary>
    /// Sends every event of <paramref name="type"/> that this service has told since <paramref name="since"/> to <paramref name="queue"/>
    /// alone, in the order of the log. Returns how many.
    /// </summary>
    public async Task<int> Replay(string type, string queue, DateTimeOffset since, CancellationToken ct)
    {
        await using var channel = await _broker.Channel(ct);
        var end = await _db.Global().QueryOne<ulong?>("SELECT MAX(seq) FROM outbox", ct) ?? 0;
        var told = 0;
        // Along the primary key, a window at a time: a replay is rare, and an index for it would be paid by every append.
        for (var after = 0UL; after < end; after += Window)
        {
            var events = await _db.Global().Query<LoggedEvent>(
                $"""
                SELECT {LoggedEvent.Columns}
                FROM outbox
                WHERE seq > @after AND seq <= @upTo AND type = @type AND created_at >= @since
                ORDER BY seq
                """, new { after, upTo = after + Window, type, since }, ct);
            foreach (var some in events.Chunk(UnderWay))
            {
                await Task.WhenAll(some.Select(e => Broker.Put(channel, queue, e.ToWire(), Properties(e), ct).AsTask()));
            }

            told += events.Count;
        }

        return told;
    }

    private static BasicProperties Properties(LoggedEvent e)
    {
        var headers = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (e.TraceParent is not null) headers[Message.TraceHeader] = e.TraceParent;
        if (e.UserId is { } user) headers[Message.UserHeader] = user.ToString();
        return new BasicProperties { MessageId = e.Id.ToString(), ContentType = "application/json", Headers = headers };
    }
}
