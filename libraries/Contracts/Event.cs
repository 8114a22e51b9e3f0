using System.Text.Json.Serialization;

namespace FitFlow.Contracts;

/// <summary>
/// Something that happened, said in the past tense by the service that owns it. The record is the event's <c>data</c>;
/// <c>[EntityName]</c> is its name on the wire.
/// </summary>
public abstract record Event
{
    /// <summary>What it happened to. Events of one aggregate stay in order.</summary>
    [JsonIgnore]
    public Guid AggregateId => About;

    /// <summary>The id of what it happened to. Protected, because an override does not inherit <c>[JsonIgnore]</c> and would end up in the data.</summary>
    protected abstract Guid About { get; }
}
