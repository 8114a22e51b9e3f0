using FitFlow.Data;

namespace FitFlow.Scheduling.Features.Busy;

/// Time of a person or a room that somebody wants.
internal sealed record Taking(Guid Resource, DateTimeOffset From, DateTimeOffset Until)
{
    public bool Overlaps(BusyTime busy) => busy.ResourceId == Resource && busy.StartsAt < Until && From < busy.EndsAt;
}

/// Time that is taken, whatever takes it.
internal sealed record BusyTime(Guid ResourceId, DateTimeOffset StartsAt, DateTimeOffset EndsAt, Guid SourceId);

/// The one place where time is taken: nobody and nothing is in two places at once, whichever studios these are.
internal static class Busy
{
    /// Nothing that takes time is longer: what overlaps a moment began less than this before it.
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private const int LocksAtOnce = 4;

    private const string Taken =
        """
        SELECT resource_id, starts_at, ends_at, source_id
        FROM busy
        WHERE resource_id IN @Resources
          AND starts_at > @Before AND starts_at < @Until
          AND ends_at > @From
          AND (expires_at IS NULL OR expires_at > @Now)
        """;

    private const string Hold =
        """
        INSERT INTO busy_locks (resource_id)
        VALUES (@First), (@Second), (@Third), (@Fourth)
        ON DUPLICATE KEY UPDATE resource_id = busy_locks.resource_id
        """;

    /// Takes @Takings for @Source, until @ExpiresAt: for who writes more in the same trip.
    public const string Taking =
        """
        INSERT INTO busy (resource_id, starts_at, ends_at, source_id, expires_at)
        SELECT UNHEX(wanted.resource), wanted.starts_at, wanted.ends_at, @Source, @ExpiresAt
        FROM JSON_TABLE(@Takings, '$[*]' COLUMNS (
            resource CHAR(32) PATH '$.resource',
            starts_at DATETIME(6) PATH '$.starts_at',
            ends_at DATETIME(6) PATH '$.ends_at')) wanted
        """;

    /// Whoever wants time of one of them waits here until this transaction ends. All are asked for in one order, so that nobody waits in a circle.
    public static async Task Lock(Transaction tx, params IEnumerable<Guid> resources)
    {
        foreach (var ids in InOrder(resources)) await tx.Execute(Hold, Args(ids));
    }

    /// Locks, and then says what stands in the way of these, apart from what <paramref name="besides"/> takes itself.
    public static async Task<IReadOnlyList<BusyTime>> LockAndLook(
        Transaction tx, IEnumerable<Guid> resources, IReadOnlyList<Taking> takings, DateTimeOffset now, Guid? besides = null)
    {
        Guid[][] locks = [.. InOrder(resources)];
        foreach (var ids in locks[..^1]) await tx.Execute(Hold, Args(ids));

        // In one trip: the look comes when the locks are there.
        var (from, until) = (takings.Min(taking => taking.From), takings.Max(taking => taking.Until));
        var (first, second, third, fourth) = Four(locks[^1]);
        var busy = await tx.Query<BusyTime>(
            Hold + ";\n" + Taken,
            new
            {
                first,
                second,
                third,
                fourth,
                Resources = takings.Select(taking => taking.Resource).Distinct(),
                Before = from - Longest,
                From = from,
                Until = until,
                Now = now,
            });
        return [.. busy.Where(time => time.SourceId != besides && takings.Any(taking => taking.Overlaps(time)))];
    }

    /// What is taken of these between the two moments, holds that have run out left aside.
    public static Task<IReadOnlyList<BusyTime>> Of(Transaction tx, IEnumerable<Guid> resources, DateTimeOffset from, DateTimeOffset until, DateTimeOffset now) =>
        tx.Query<BusyTime>(Taken, Args(resources, from, until, now));

    /// The same without locks: what is free by this may be taken a moment later.
    public static Task<IReadOnlyList<BusyTime>> Of(
        DbScope db, IEnumerable<Guid> resources, DateTimeOffset from, DateTimeOffset until, DateTimeOffset now, CancellationToken ct) =>
        db.Query<BusyTime>(Taken, Args(resources, from, until, now), ct);

    /// From now on it is taken; until <paramref name="expiresAt"/>, if that is said.
    public static Task Take(Transaction tx, Guid source, IReadOnlyList<Taking> takings, DateTimeOffset? expiresAt = null)
    {
        if (takings.Any(taking => taking.Until - taking.From > Longest)) throw new ArgumentException("Nothing takes longer than a day.", nameof(takings));
        return tx.Execute(Taking, new { source, expiresAt, Takings = Json(takings) });
    }

    /// As the statement wants them.
    public static string Json(IReadOnlyList<Taking> takings) => Sql.Json(takings.Select(Row));

    /// What the source took is free again.
    public static Task Release(Transaction tx, Guid source) => tx.Execute("DELETE FROM busy WHERE source_id = @Source", new { source });

    /// Of what the source took only what is this one's.
    public static Task Release(Transaction tx, Guid source, Guid resource) =>
        tx.Execute("DELETE FROM busy WHERE source_id = @Source AND resource_id = @Resource", new { source, resource });

    // As the database orders them: by the bytes, of which the text is the writing.
    private static IEnumerable<Guid[]> InOrder(IEnumerable<Guid> resources) =>
        resources.Distinct().OrderBy(id => id.ToString(), StringComparer.Ordinal).Chunk(LocksAtOnce);

    // A statement takes four; the last one fills up.
    private static (Guid First, Guid Second, Guid Third, Guid Fourth) Four(Guid[] ids) =>
        (ids[0], ids[Math.Min(1, ids.Length - 1)], ids[Math.Min(2, ids.Length - 1)], ids[^1]);

    private static object Args(Guid[] ids)
    {
        var (first, second, third, fourth) = Four(ids);
        return new { first, second, third, fourth };
    }

    private static object Args(IEnumerable<Guid> resources, DateTimeOffset from, DateTimeOffset until, DateTimeOffset now) =>
        new { Resources = resources.Distinct(), Before = from - Longest, From = from, Until = until, Now = now };

    private static object Row(Taking taking) => new
    {
        Resource = taking.Resource.ToString("N"),
        StartsAt = Instant(taking.From),
        EndsAt = Instant(taking.Until),
    };

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", System.Globalization.CultureInfo.InvariantCulture);
}
