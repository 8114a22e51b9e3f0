using System.Collections.Concurrent;
using System.Net.Mime;
using MassTransit;
using MassTransit.RabbitMqTransport;
using MassTransit.Serialization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FitFlow.Data.Events;

/// <summary>
/// MassTransit, and all that this house uses of it: a connection that comes back, publishing with confirms, and batches from queues. What
/// becomes of a message is decided by <see cref="Inbox"/>, so MassTransit's own retries and error queues stay unused: a message that is
/// not acknowledged goes back to its queue, whose delivery limit sends it to the error queue.
/// </summary>
internal sealed partial class Bus(
    Broker broker, Reactions reactions, Inbox inbox, EventSettings settings, TimeProvider clock, ILoggerFactory logs, ILogger<Bus> log) : BackgroundService
{
    private static readonly IPipe<SendContext<Outgoing>> Properties = Pipe.Execute<SendContext<Outgoing>>(SetProperties);
    private static readonly ToWire Serializer = new();

    private static readonly TimeSpan LooksAgain = TimeSpan.FromMinutes(1);

    /// <summary>Events that no queue was bound for lately, and until when that is taken for granted: each return costs as much as many publishes.</summary>
    private readonly ConcurrentDictionary<string, DateTimeOffset> _unheard = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IBusControl? _bus;

    /// <summary>Ends when the broker was reached for the first time.</summary>
    public Task Started => _started.Task;

    /// <summary>Null while all is well, else what is wrong.</summary>
    public string? Trouble => _bus?.CheckHealth() switch
    {
        null => "The bus has not started.",
        { Status: BusHealthStatus.Healthy } => null,
        var health => health.Description,
    };

    /// <summary>Returns whether a queue was bound to take it, as far as is known, once the broker has confirmed it.</summary>
    public async Task<bool> Publish(LoggedEvent e, string? traceParent, CancellationToken ct)
    {
        var bus = _bus ?? throw new InvalidOperationException("The bus has not started.");
        var exchange = await bus.GetSendEndpoint(new Uri($"exchange:{e.Type}?type=fanout"));
        var isAsked = !_unheard.TryGetValue(e.Type, out var until) || clock.GetUtcNow() > until;
        try
        {
            await exchange.Send(new Outgoing(e, traceParent, isAsked), Properties, ct);
            return isAsked;
        }
        catch (MessageReturnedException)
        {
            _unheard[e.Type] = clock.GetUtcNow() + LooksAgain;
            return false;
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await base.StopAsync(cancellationToken);
        if (_bus is not null) await _bus.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _stopping.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        LogContext.ConfigureCurrentLogContext(logs);
        var bus = MassTransit.Bus.Factory.CreateUsingRabbitMq(Configure);
        _bus = bus;
        for (var attempt = 1; !stoppingToken.IsCancellationRequested; attempt++)
        {
            try
            {
                await bus.StartAsync(stoppingToken);
                _started.SetResult();
                return;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotStarted(e.Message);
                await Task.Delay(settings.Backoff(attempt), stoppingToken);
            }
        }
    }

    private static void SetProperties(SendContext<Outgoing> context)
    {
        var (e, traceParent, isAsked) = context.Message;
        context.Serializer = Serializer;
        context.MessageId = e.Id;
        if (Guid.TryParse(e.CorrelationId, out var correlation)) context.CorrelationId = correlation;
        if (traceParent is not null) context.Headers.Set(Message.TraceHeader, traceParent);
        if (e.UserId is { } user) context.Headers.Set(Message.UserHeader, user.ToString());
        if (context.TryGetPayload<RabbitMqSendContext>(out var rabbit)) rabbit.Mandatory = isAsked;
    }

    private void Configure(IRabbitMqBusFactoryConfigurator bus)
    {
        bus.Host(new Uri(broker.Uri), host =>
        {
            host.PublisherConfirmation = true;
            host.RequestedConnectionTimeout(TimeSpan.FromSeconds(5));
        });
        bus.ClearSerialization();
        bus.UseRawJsonSerializer();
        foreach (var reaction in reactions.All)
        {
            bus.ReceiveEndpoint(reaction.Queue, endpoint =>
            {
                endpoint.ConfigureConsumeTopology = false;
                endpoint.Durable = true;
                endpoint.AutoDelete = false;
                foreach (var (name, value) in Broker.QueueArguments(reaction.Queue)) endpoint.SetQueueArgument(name, value);
                endpoint.Bind(reaction.EventName);
                endpoint.PrefetchCount = settings.Prefetch;
                endpoint.RethrowFaultedMessages();
                endpoint.ThrowOnSkippedMessages();
                endpoint.Batch<Incoming>(batch =>
                {
                    batch.MessageLimit = settings.BatchSize;
                    batch.TimeLimit = settings.BatchPatience;
                    batch.ConcurrencyLimit = 1;
                    batch.Consumer(() => new Consumer(reaction, inbox, _stopping.Token));
                });
            });
        }
    }

    [LoggerMessage(LogLevel.Warning, "The broker cannot be reached, trying again: {Reason}")]
    private partial void LogNotStarted(string reason);

    /// <summary>What MassTransit is asked to send, and whether the broker is to say when no queue is bound for it.</summary>
    internal sealed record Outgoing(LoggedEvent Event, string? TraceParent, bool IsAsked);

    /// <summary>What MassTransit is asked to receive: it only checks that the body is JSON; we read it.</summary>
    internal sealed record Incoming;

    private sealed class ToWire : IMessageSerializer
    {
        public ContentType ContentType { get; } = new("application/json");

        public MessageBody GetMessageBody<T>(SendContext<T> context)
            where T : class =>
            new BytesMessageBody(((Outgoing)(object)context.Message).Event.ToWire().ToArray());
    }

    private sealed class Consumer(ReactionType reaction, Inbox inbox, CancellationToken stopping) : IConsumer<Batch<Incoming>>
    {
        public async Task Consume(ConsumeContext<Batch<Incoming>> context)
        {
            var messages = new List<Message>(context.Message.Length);
            foreach (var item in context.Message)
            {
                var body = item.ReceiveContext.Body.GetBytes();
                try
                {
                    messages.Add(Message.Read(body, item.Headers.Get<string>(Message.UserHeader), item.Headers.Get<string>(Message.TraceHeader)));
                }
                catch (PoisonException e)
                {
                    await inbox.GiveUp(reaction, body, item.MessageId, e, stopping);
                }
            }

            await inbox.Process(reaction, messages, stopping);
        }
    }
}
