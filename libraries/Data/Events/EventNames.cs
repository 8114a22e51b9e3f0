using System.Collections.Concurrent;
using System.Reflection;
using MassTransit;
using Event = FitFlow.Contracts.Event;

namespace FitFlow.Data.Events;

/// <summary>What an event is called on the wire: its exchange, and the <c>event</c> of its envelope.</summary>
internal static class EventNames
{
    private static readonly ConcurrentDictionary<Type, string> Names = new();

    /// <summary>
    /// Every event there is. Each service declares the exchanges of all, so that whoever is deployed first, nobody publishes to an exchange
    /// that is not there.
    /// </summary>
    public static IReadOnlyList<string> All { get; } =
        [.. typeof(Event).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Event)) && !type.IsAbstract).Select(Of).Order(StringComparer.Ordinal)];

    public static string Of(Type type) => Names.GetOrAdd(type, static type =>
        type.GetCustomAttribute<EntityNameAttribute>()?.EntityName
        ?? throw new InvalidOperationException($"The event {type.Name} has no [EntityName], so it has no exchange."));
}
