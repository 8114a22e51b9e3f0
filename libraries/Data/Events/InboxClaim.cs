using System.Text;

namespace FitFlow.Data.Events;

/// <summary>Which of these messages are still to be done, and the rows that say that this transaction does them.</summary>
internal sealed class InboxClaim(Transaction tx, ReactionType reaction)
{
    /// <param name="isRetry">The message comes from the rows of retries, and waits for nobody there.</param>
    public async Task<IReadOnlyList<Message>> Take(IReadOnlyList<Message> messages, bool isRetry)
    {
        var known = await Known(messages);
        var todo = messages.Where(message => !known.Contains((IsMessage: true, message.Id))).ToList();
        EventMetrics.Repeat(reaction, messages.Count - todo.Count);
        if (!isRetry && !reaction.LatestOnly)
        {
            var behind = todo.Where(message => known.Contains((IsMessage: false, message.Envelope.AggregateId))).ToList();
            foreach (var message in behind) await Retries.Wait(tx, reaction, message);
            todo = todo.Except(behind).ToList();
        }

        if (todo.Count == 0) return todo;
        await Insert(todo);
        return reaction.LatestOnly ? await Latest(todo) : todo;
    }

    /// <summary>The messages that were done, and the aggregates of which an earlier event waits to be tried again.</summary>
    private async Task<HashSet<(bool IsMessage, Guid Id)>> Known(IReadOnlyList<Message> messages)
    {
        var rows = await tx.Query<(bool, Guid)>(
            """
            SELECT TRUE, message_id
            FROM inbox
            WHERE consumer = @Queue AND message_id IN @Messages
            UNION ALL
            SELECT FALSE, aggregate_id
            FROM inbox_retries
            WHERE consumer = @Queue AND aggregate_id IN @Aggregates
            """,
            new
            {
                reaction.Queue,
                Messages = messages.Select(message => message.Id),
                Aggregates = messages.Select(message => message.Envelope.AggregateId).Distinct(),
            });
        return [.. rows];
    }

    /// <summary>Fails on the unique key when another replica does one of them at this moment: then all is asked again.</summary>
    private Task Insert(IReadOnlyList<Message> messages)
    {
        var sql = new StringBuilder("INSERT INTO inbox (consumer, message_id, processed_at) VALUES");
        var args = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase) { ["Queue"] = reaction.Queue, ["Now"] = tx.Clock.GetUtcNow() };
        var i = 0;
        // In the order of the key, so that two replicas never wait for each other in a circle.
        foreach (var id in messages.Select(message => message.Id).OrderBy(id => id.ToString(), StringComparer.Ordinal))
        {
            sql.Append(i == 0 ? " " : ", ").Append($"(@Queue, @M{i}, @Now)");
            args[$"M{i++}"] = id;
        }

        return tx.Execute(sql.ToString(), args);
    }

    /// <summary>The newest of each aggregate, if it is newer than what was seen before; its row is locked until this transaction ends.</summary>
    private async Task<IReadOnlyList<Message>> Latest(IReadOnlyList<Message> messages)
    {
        var newest = messages.GroupBy(message => message.Envelope.AggregateId)
            .Select(group => group.MaxBy(message => message.Envelope.Version)!)
            .OrderBy(message => message.Envelope.AggregateId.ToString(), StringComparer.Ordinal)
            .ToList();
        var sql = new StringBuilder("INSERT INTO inbox_versions (consumer, aggregate_id, version) VALUES");
        var args = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
        {
            ["Queue"] = reaction.Queue,
            ["Aggregates"] = newest.Select(message => message.Envelope.AggregateId),
        };
        for (var i = 0; i < newest.Count; i++)
        {
            sql.Append(i == 0 ? " " : ", ").Append($"(@Queue, @A{i}, @V{i})");
            args[$"A{i}"] = newest[i].Envelope.AggregateId;
            args[$"V{i}"] = newest[i].Envelope.Version;
        }

        sql.Append(
            """
             ON DUPLICATE KEY UPDATE version = GREATEST(version, VALUES(version));
            SELECT aggregate_id, version
            FROM inbox_versions
            WHERE consumer = @Queue AND aggregate_id IN @Aggregates
            """);
        var seen = (await tx.Query<(Guid Aggregate, ulong Version)>(sql.ToString(), args)).ToDictionary(row => row.Aggregate, row => row.Version);
        var fresh = newest.Where(message => seen[message.Envelope.AggregateId] == message.Envelope.Version).ToList();
        EventMetrics.Supersede(reaction, messages.Count - fresh.Count);
        return [.. fresh.OrderBy(message => message.Envelope.Version)];
    }
}
