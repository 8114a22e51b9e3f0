using FitFlow.ServiceDefaults;
using Microsoft.Extensions.Logging;

namespace FitFlow.Data.Idempotency;

/// <summary>After a day nobody sends the same request again.</summary>
internal sealed class SweepAnswers(Db db, TimeProvider clock, ILogger<SweepAnswers> log) : Repeating(TimeSpan.FromMinutes(10), clock, log)
{
    public const int AtOnce = 1_000;

    public static readonly TimeSpan Keep = TimeSpan.FromHours(24);

    /// <summary>A little at a time: nobody waits long for a lock. Replicas that sweep at once do no harm.</summary>
    protected override async Task Run(CancellationToken ct)
    {
        while (await Sweep(ct) == AtOnce)
        {
        }
    }

    internal Task<int> Sweep(CancellationToken ct) => db.Global().Execute(
        """
        DELETE FROM idempotency_keys
        WHERE created_at < @Before
        ORDER BY created_at
        LIMIT @AtOnce
        """, new { Before = Clock.GetUtcNow() - Keep, AtOnce }, ct);
}
