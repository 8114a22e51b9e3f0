using System.Reflection;
using System.Text;

namespace FitFlow.Data.Events;

/// <summary>The reactions of a service.</summary>
public sealed class Reactions
{
    private readonly string _service;
    private readonly Dictionary<string, ReactionType> _byQueue = new(StringComparer.Ordinal);

    internal Reactions(string service) => _service = service;

    internal IReadOnlyCollection<ReactionType> All => _byQueue.Values;

    /// <summary>Listens with a queue of its own, <c>{service}.{reaction-in-kebab-case}</c>.</summary>
    public Reactions Add<T>()
        where T : Reaction
    {
        var reaction = ReactionType.Of(typeof(T), _service);
        if (!_byQueue.TryAdd(reaction.Queue, reaction)) throw new InvalidOperationException($"{reaction.Queue} is listened to twice.");
        return this;
    }
}

/// <summary>What is known of a reaction before it runs. Its queue is its name in the inbox, too: renaming the class makes a new consumer.</summary>
internal sealed record ReactionType(Type Type, string EventName, string Queue, bool LatestOnly)
{
    /// <summary>Where its poison messages wait for someone to look at them.</summary>
    public string ErrorQueue => ErrorQueueOf(Queue);

    public static string ErrorQueueOf(string queue) => $"{queue}.error";

    public static ReactionType Of(Type type, string service)
    {
        var reaction = type;
        while (reaction is not { IsGenericType: true } || reaction.GetGenericTypeDefinition() != typeof(Reaction<>)) reaction = reaction!.BaseType;
        return new ReactionType(
            type,
            EventNames.Of(reaction.GetGenericArguments()[0]),
            $"{service}.{Kebab(type.Name)}",
            type.GetCustomAttribute<LatestOnlyAttribute>() is not null);
    }

    private static string Kebab(string name)
    {
        var kebab = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsAsciiLetterUpper(c) && kebab.Length > 0) kebab.Append('-');
            kebab.Append(char.ToLowerInvariant(c));
        }

        return kebab.ToString();
    }
}
