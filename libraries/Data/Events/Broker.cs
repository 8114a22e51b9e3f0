using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace FitFlow.Data.Events;

/// <summary>
/// What MassTransit has no words for: declaring and asking for topology by itself, and moving messages between queues. One connection,
/// opened when it is needed.
/// </summary>
internal sealed class Broker(string uri) : IAsyncDisposable
{
    private readonly ConnectionFactory _factory = new()
    {
        Uri = new Uri(uri),
        AutomaticRecoveryEnabled = false,
        ClientProvidedName = "fitflow-topology",
        RequestedConnectionTimeout = TimeSpan.FromSeconds(5),
        ContinuationTimeout = TimeSpan.FromSeconds(10),
    };

    private readonly SemaphoreSlim _one = new(1);
    private IConnection? _connection;

    public string Uri => uri;

    /// <summary>
    /// Quorum queues: as fast here as classic ones, and they alone count deliveries, so that a message that takes the process down with it
    /// ends in the error queue and not in a circle. What is dead-lettered is kept until the error queue has it.
    /// </summary>
    public static Dictionary<string, object?> QueueArguments(string queue) => new(StringComparer.Ordinal)
    {
        ["x-queue-type"] = "quorum",
        ["x-delivery-limit"] = 20,
        ["x-dead-letter-exchange"] = "",
        ["x-dead-letter-routing-key"] = ReactionType.ErrorQueueOf(queue),
        ["x-dead-letter-strategy"] = "at-least-once",
        ["x-overflow"] = "reject-publish",
    };

    /// <summary>Every event's exchange, and the queues of these reactions. Declaring twice is harmless; declaring differently is an error.</summary>
    public async Task Declare(IReadOnlyCollection<ReactionType> reactions, CancellationToken ct)
    {
        await using var channel = await Channel(ct);
        foreach (var name in EventNames.All.Union(reactions.Select(reaction => reaction.EventName), StringComparer.Ordinal))
        {
            await channel.ExchangeDeclareAsync(name, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: ct);
        }

        foreach (var reaction in reactions)
        {
            await channel.QueueDeclareAsync(reaction.ErrorQueue, durable: true, exclusive: false, autoDelete: false, cancellationToken: ct);
            await channel.QueueDeclareAsync(
                reaction.Queue, durable: true, exclusive: false, autoDelete: false, QueueArguments(reaction.Queue), cancellationToken: ct);
            await channel.QueueBindAsync(reaction.Queue, reaction.EventName, routingKey: "", cancellationToken: ct);
        }
    }

    /// <summary>For whoever leaves: the queues of these reactions with all that is in them.</summary>
    public async Task Delete(IReadOnlyCollection<ReactionType> reactions, CancellationToken ct)
    {
        await using var channel = await Channel(ct);
        foreach (var reaction in reactions)
        {
            await channel.QueueDeleteAsync(reaction.Queue, cancellationToken: ct);
            await channel.QueueDeleteAsync(reaction.ErrorQueue, cancellationToken: ct);
            await channel.ExchangeDeleteAsync(reaction.Queue, cancellationToken: ct);
        }
    }

    public async Task<bool> HasExchange(string name, CancellationToken ct)
    {
        await using var channel = await Channel(ct);
        try
        {
            await channel.ExchangeDeclarePassiveAsync(name, ct);
            return true;
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == 404)
        {
            return false;
        }
    }

    /// <summary>Straight into one queue, past every exchange. Returns when the broker has it.</summary>
    public async Task Put(string queue, ReadOnlyMemory<byte> body, BasicProperties properties, CancellationToken ct)
    {
        await using var channel = await Channel(ct);
        await Put(channel, queue, body, properties, ct);
    }

    /// <summary>Moves what is in <paramref name="from"/> now to <paramref name="to"/>. A message that is moved twice is done once: it has its id.</summary>
    public async Task<int> Move(string from, string to, CancellationToken ct)
    {
        await using var channel = await Channel(ct);
        var waiting = await channel.MessageCountAsync(from, ct);
        var moved = 0;
        while (moved < waiting && await channel.BasicGetAsync(from, autoAck: false, ct) is { } message)
        {
            await Put(channel, to, message.Body, new BasicProperties(message.BasicProperties), ct);
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false, ct);
            moved++;
        }

        return moved;
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null) await _connection.DisposeAsync();
        _one.Dispose();
    }

    public static ValueTask Put(IChannel channel, string queue, ReadOnlyMemory<byte> body, BasicProperties properties, CancellationToken ct)
    {
        properties.Persistent = true;
        return channel.BasicPublishAsync(exchange: "", routingKey: queue, mandatory: true, properties, body, ct);
    }

    /// <summary>A channel on which a publish ends when the broker has confirmed it.</summary>
    public async Task<IChannel> Channel(CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            if (_connection is not { IsOpen: true })
            {
                if (_connection is not null) await _connection.DisposeAsync();
                _connection = await _factory.CreateConnectionAsync(ct);
            }

            return await _connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), ct);
        }
        finally
        {
            _one.Release();
        }
    }
}
