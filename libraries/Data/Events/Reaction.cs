using System.Text.Json;
using FitFlow.Contracts;
using FitFlow.ServiceDefaults;

namespace FitFlow.Data.Events;

/// <summary>What a service does when it hears of <typeparamref name="TEvent"/>. Done once for each event, in one transaction.</summary>
/// <remarks>
/// Events of one aggregate come in order up to the queue; after a failure, or with several replicas, one may overtake another. A reaction
/// that adds up is right in any order. One that keeps the newest state says <see cref="LatestOnlyAttribute"/>.
/// </remarks>
public abstract class Reaction<TEvent> : Reaction
    where TEvent : Event
{
    internal sealed override Task Run(Envelope envelope, Transaction tx)
    {
        Envelope = envelope;
        TEvent e;
        try
        {
            e = envelope.Data.Deserialize<TEvent>(Json.Options) ?? throw new JsonException("The event has no data.");
        }
        catch (JsonException cause)
        {
            throw new PoisonException($"Its data is no {typeof(TEvent).Name}: {cause.Message}", cause);
        }

        return React(e, tx);
    }

    /// <summary>
    /// The work: SQL in <paramref name="tx"/>, which sees the studio of the event. It may be run again from its start, so it does nothing
    /// but SQL; what reaches outside is written down here and done by a job.
    /// </summary>
    protected abstract Task React(TEvent e, Transaction tx);
}

/// <summary>What all reactions have in common. Derive from <see cref="Reaction{TEvent}"/>.</summary>
public abstract class Reaction
{
    private protected Reaction()
    {
    }

    /// <summary>What travelled around the event.</summary>
    protected Envelope Envelope { get; private protected set; } = null!;

    internal abstract Task Run(Envelope envelope, Transaction tx);
}

/// <summary>
/// The reaction keeps the newest state of the aggregate: an event that is older than one it has already seen is dropped. Never on a
/// reaction that adds something up or that must hear of each event: those would lose what comes late.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class LatestOnlyAttribute : Attribute;

/// <summary>Trying again will never help: the message goes to the error queue at once.</summary>
public sealed class PoisonException(string message, Exception? cause = null) : Exception(message, cause);
