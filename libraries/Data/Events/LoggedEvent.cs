using System.Buffers;
using System.Text.Json;

namespace FitFlow.Data.Events;

/// <summary>A row of the outbox.</summary>
internal sealed record LoggedEvent(
    ulong Seq, Guid Id, Guid AggregateId, string Type, Guid? TenantId, Guid? UserId, string CorrelationId, string Payload, string? TraceParent,
    DateTimeOffset CreatedAt)
{
    public const string Columns = "seq, id, aggregate_id, type, tenant_id, user_id, correlation_id, payload, trace_parent, created_at";

    /// <summary>The envelope as it goes on the wire. The payload is written as it was appended, not parsed.</summary>
    public ReadOnlyMemory<byte> ToWire()
    {
        var buffer = new ArrayBufferWriter<byte>(512 + Payload.Length);
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartObject();
        json.WriteString("event_id", Id);
        json.WriteString("event", Type);
        json.WriteString("timestamp", CreatedAt.UtcDateTime);
        json.WriteString("correlation_id", CorrelationId);
        if (TenantId is { } tenant) json.WriteString("tenant_id", tenant);
        else json.WriteNull("tenant_id");
        json.WriteString("aggregate_id", AggregateId);
        json.WriteNumber("version", Seq);
        json.WritePropertyName("data");
        json.WriteRawValue(Payload, skipInputValidation: true);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
