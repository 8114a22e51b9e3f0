using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using FitFlow.Data;
using FitFlow.Identity.Features.Sessions;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Accounts;

/// Slows down whoever guesses passwords, and not the owner. Three things are counted: failures at one account from one place (a network, or
/// a device that the owner has signed in with), at one account from all places that are new to it, and from one network at all accounts. A
/// place that the owner has signed in from only has its own failures to answer for. Counted by address, whether it has an account or not.
internal sealed class Attempts(Db db, TimeProvider clock)
{
    private const int PlacesKept = 20;

    private static readonly Limit
        PerPlace = new(Free: 10, Pause: TimeSpan.FromSeconds(30)),
        PerAccount = new(Free: 50, Pause: TimeSpan.FromSeconds(60)),
        PerNetwork = new(Free: 200, Pause: TimeSpan.FromMinutes(5));

    /// One try, counted before it is known how it ends: a hundred at once are not all the first.
    internal sealed record Attempt(string Email, byte[] Place, byte[] Network, bool IsKnown, TimeSpan? Wait)
    {
        public byte[] AtPlace => Subject("place", Email, Convert.ToHexString(Place));

        public byte[] AtAccount => Subject("account", Email);
    }

    /// `device` is the secret that a browser was given when somebody signed in with it.
    public async Task<Attempt> Begin(string email, Device from, string? device, CancellationToken ct)
    {
        var network = Subject("network", NetworkOf(from.Ip));
        var byDevice = device is null ? network : Subject("device", device);
        var known = await db.Global().Query<byte[]>(
            """
            SELECT k.place
            FROM known_places k
            JOIN users u ON u.id = k.user_id
            WHERE u.email = @Email AND k.place IN @Places
            """, new { email, Places = new[] { network, byDevice } }, ct);
        var attempt = new Attempt(email, known.Any(byDevice.SequenceEqual) ? byDevice : network, network, known.Count > 0, Wait: null);
        return await db.Global().InTransaction(async tx =>
        {
            var now = clock.GetUtcNow();
            var place = await Counter.Lock(tx, attempt.AtPlace, now);
            var account = attempt.IsKnown ? null : await Counter.Lock(tx, attempt.AtAccount, now);
            var anywhere = attempt.IsKnown ? null : await Counter.Find(tx, network, now);
            var until = new[] { place.BlockedUntil, account?.BlockedUntil, anywhere?.BlockedUntil }.Max();
            if (until > now) return attempt with { Wait = until - now };

            await Counter.Set(tx, attempt.AtPlace, place.Count + 1, PerPlace, now);
            if (account is not null) await Counter.Set(tx, attempt.AtAccount, account.Count + 1, PerAccount, now);
            return attempt;
        }, ct);
    }

    public Task Failed(Attempt attempt, CancellationToken ct) => db.Global().InTransaction(async tx =>
    {
        var now = clock.GetUtcNow();
        await Counter.Set(tx, attempt.Network, (await Counter.Lock(tx, attempt.Network, now)).Count + 1, PerNetwork, now);
    }, ct);

    /// It was the owner: this place is theirs from now on.
    public async Task Succeeded(Transaction tx, Attempt attempt, Guid owner, string? device)
    {
        var now = clock.GetUtcNow();
        await Counter.Forget(tx, attempt.AtPlace);
        if (!attempt.IsKnown)
        {
            await tx.Execute(
                """
                UPDATE attempts
                SET count = count - 1, blocked_until = NULL
                WHERE subject = @Subject AND count > 0
                """, new { Subject = attempt.AtAccount });
        }

        await Remember(tx, attempt, owner, device, now);
    }

    /// Whoever has the mailbox may try at once.
    public static async Task Forgive(Transaction tx, string email, Device from)
    {
        var network = Subject("network", NetworkOf(from.Ip));
        await Counter.Forget(tx, new Attempt(email, network, network, IsKnown: false, Wait: null).AtPlace);
        await Counter.Forget(tx, Subject("account", email));
    }

    public static ProblemHttpResult Refuse(HttpContext http, TimeSpan wait)
    {
        http.Response.Headers.RetryAfter = $"{Math.Ceiling(wait.TotalSeconds)}";
        return Problems.Of(StatusCodes.Status429TooManyRequests, "accounts.too_many_attempts", "Too many attempts. Wait a little, or choose a new password by e-mail.");
    }

    private static async Task Remember(Transaction tx, Attempt attempt, Guid owner, string? device, DateTimeOffset now)
    {
        foreach (var place in device is null ? [attempt.Network] : new[] { attempt.Network, Subject("device", device) })
        {
            await tx.Execute(
                """
                INSERT INTO known_places (user_id, place, seen_at)
                VALUES (@Owner, @Place, @Now)
                ON DUPLICATE KEY UPDATE seen_at = @Now
                """, new { owner, place, now });
        }

        var places = await tx.QueryOne<int>(
            """
            SELECT COUNT(*)
            FROM known_places
            WHERE user_id = @Owner
            """, new { owner });
        if (places <= PlacesKept) return;
        await tx.Execute(
            """
            DELETE FROM known_places
            WHERE user_id = @Owner
            ORDER BY seen_at
            LIMIT @TooMany
            """, new { owner, TooMany = places - PlacesKept });
    }

    private static byte[] Subject(params string[] parts) => SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts)));

    /// One household of IPv6 is a /64: counting single addresses would count nothing.
    private static string NetworkOf(string ip) => IPAddress.TryParse(ip, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6
        ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
        : ip;
}
