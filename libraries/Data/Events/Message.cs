using System.Text;
using System.Text.Json;
using FitFlow.ServiceDefaults;

namespace FitFlow.Data.Events;

/// <summary>An event as a consumer has it in hand.</summary>
internal sealed record Message(Envelope Envelope, ReadOnlyMemory<byte> Body, Guid? UserId, string? TraceParent)
{
    public const string UserHeader = "user-id", TraceHeader = "traceparent", ErrorHeader = "error";

    public Guid Id => Envelope.EventId;

    public string Text => Encoding.UTF8.GetString(Body.Span);

    public static Message Read(ReadOnlyMemory<byte> body, string? userId, string? traceParent)
    {
        try
        {
            var envelope = JsonSerializer.Deserialize<Envelope>(body.Span, Json.Options);
            if (envelope is not { Event: not null, CorrelationId: not null } || envelope.EventId == default || envelope.Data.ValueKind != JsonValueKind.Object)
            {
                throw new PoisonException("It is no envelope: event_id, event, correlation_id or data is missing.");
            }

            return new Message(envelope, body, Guid.TryParse(userId, out var user) ? user : null, traceParent);
        }
        catch (JsonException e)
        {
            throw new PoisonException($"It is no envelope: {e.Message}", e);
        }
    }
}
