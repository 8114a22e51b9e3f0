using System.Collections.Concurrent;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace FitFlow.Scheduling.Tests.Races;

/// A queue beside those of the services, read when all is over: what the broker was given of an event.
internal sealed class Listener(Uri broker, string exchange)
{
    private readonly string _queue = $"listener-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}";

    public async Task Begin()
    {
        await using var connection = await Connect();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync(_queue, durable: true, exclusive: false, autoDelete: false);
        await channel.QueueBindAsync(_queue, exchange, routingKey: "");
    }

    /// How often each message came, by its id.
    public async Task<IReadOnlyDictionary<Guid, int>> Heard(Func<IReadOnlyDictionary<Guid, int>, bool> enough)
    {
        await using var connection = await Connect();
        await using var channel = await connection.CreateChannelAsync();
        var heard = new ConcurrentDictionary<Guid, int>();
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, message) =>
        {
            heard.AddOrUpdate(Guid.Parse(message.BasicProperties.MessageId!), 1, (_, times) => times + 1);
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(_queue, autoAck: true, consumer);
        await Eventually.Holds(() => enough(heard), $"all of {exchange} is heard");
        await channel.QueueDeleteAsync(_queue);
        return heard;
    }

    private Task<IConnection> Connect() => new ConnectionFactory { Uri = broker }.CreateConnectionAsync();
}
