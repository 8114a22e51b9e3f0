using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace FitFlow.Data.Events;

/// <summary>What ops ask of events: do they get out, how late are they, who fails.</summary>
internal static class EventMetrics
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string Source = "FitFlow.Events";

    public const string AgeName = "events.processed.age";

    public static readonly ActivitySource Activities = new(Source);
    public static readonly Meter Meter = new(Source);

    private static readonly Counter<long> PublishedEvents = Meter.CreateCounter<long>("events.published", "{event}", "Confirmed by the broker.");
    private static readonly Counter<long> UnroutableEvents = Meter.CreateCounter<long>("events.unroutable", "{event}", "Published while no queue was bound for them.");
    private static readonly Histogram<double> Age = Meter.CreateHistogram<double>(AgeName, "s", "From the event's commit to the commit of its reaction.");
    private static readonly Counter<long> Retried = Meter.CreateCounter<long>("events.retries", "{event}", "Reactions that failed and are tried again later.");
    private static readonly Counter<long> FailedForGood = Meter.CreateCounter<long>("events.failed", "{event}", "Messages that went to an error queue.");
    private static readonly Counter<long> Repeated = Meter.CreateCounter<long>("events.repeated", "{event}", "Deliveries of what was done already.");
    private static readonly Counter<long> Superseded = Meter.CreateCounter<long>("events.superseded", "{event}", "Events dropped by reactions that only want the newest.");

    /// <summary>A span in the trace that <paramref name="traceParent"/> belongs to, however long ago that was; null when nobody listens.</summary>
    public static Activity? Start(string name, ActivityKind kind, string? traceParent)
    {
        if (!Activities.HasListeners()) return null;
        return ActivityContext.TryParse(traceParent, traceState: null, isRemote: true, out var parent)
            ? Activities.StartActivity(name, kind, parent)
            : Activities.StartActivity(name, kind);
    }

    public static void Published(string type, bool routed)
    {
        PublishedEvents.Add(1, Event(type));
        if (!routed) UnroutableEvents.Add(1, Event(type));
    }

    public static void Processed(ReactionType reaction, TimeSpan age) => Age.Record(Math.Max(0, age.TotalSeconds), Event(reaction.EventName), Consumer(reaction.Queue));

    public static void Retry(ReactionType reaction, Exception e) => Retried.Add(1, Consumer(reaction.Queue), new("error.type", e.GetType().Name));

    public static void Failed(ReactionType reaction, Exception e) => FailedForGood.Add(1, Consumer(reaction.Queue), new("error.type", e.GetType().Name));

    public static void Repeat(ReactionType reaction, int count)
    {
        if (count > 0) Repeated.Add(count, Consumer(reaction.Queue));
    }

    public static void Supersede(ReactionType reaction, int count)
    {
        if (count > 0) Superseded.Add(count, Consumer(reaction.Queue));
    }

    private static KeyValuePair<string, object?> Event(string type) => new("event", type);

    private static KeyValuePair<string, object?> Consumer(string queue) => new("consumer", queue);
}
