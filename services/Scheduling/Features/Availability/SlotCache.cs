using FitFlow.Data;
using FitFlow.ServiceDefaults;

namespace FitFlow.Scheduling.Features.Availability;

/// Free times are kept for seconds only; and forgotten at once when what they were made of changes. While Redis is away nothing is kept either.
internal sealed class SlotCache(Cache cache)
{
    public static string TagOf(Guid resource) => $"busy:{resource}";

    public static string TagOfStudio(Guid studio) => $"slots:{studio}";

    /// After the commit: the time of these persons and rooms is not what it was.
    public void Drop(Transaction tx, params IEnumerable<Guid> resources)
    {
        string[] tags = [.. resources.Distinct().Select(TagOf)];
        tx.AfterCommit(ct => Task.WhenAll(tags.Select(tag => Forget(tag, ct))));
    }

    /// After the commit: the rules of the transaction's studio are others.
    public void DropStudio(Transaction tx)
    {
        var studio = tx.Tenant!.Value;
        tx.AfterCommit(ct => Forget(TagOfStudio(studio), ct));
    }

    private async Task Forget(string tag, CancellationToken ct)
    {
        try
        {
            await cache.RemoveTagged(tag, ct);
        }
        catch (DependencyDownException)
        {
            // What Redis still knows when it is back is seconds old, and a slot is looked at again when it is booked.
        }
    }
}
