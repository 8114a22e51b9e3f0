using System.Text.Json;

namespace FitFlow.Data.Events;

/// <summary>What travels around every event.</summary>
/// <param name="Version">Where it stands in its publisher's log: of two events of one aggregate the later one has the greater.</param>
public sealed record Envelope(
    Guid EventId, string Event, DateTimeOffset Timestamp, string CorrelationId, Guid? TenantId, Guid AggregateId, ulong Version, JsonElement Data);
