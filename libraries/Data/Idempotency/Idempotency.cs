using System.Security.Cryptography;
using System.Text;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http;

namespace FitFlow.Data.Idempotency;

/// <summary>
/// Does what came with a key once. The truth is the row that is written with the work: <see cref="KeyedRequest"/>. That nobody even begins while
/// another is at it is Redis' business, and saves work; without Redis all begin, and one commits.
/// </summary>
internal sealed class Idempotency(Db db, Redis redis, ServiceName service, TimeProvider clock)
{
    public const string KeyHeader = "Idempotency-Key", ReplayedHeader = "Idempotency-Replayed";

    private const int LongestKey = 255;

    private const string Release = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

    /// <summary>Longer than any request may take: it only matters when the process died that was at it.</summary>
    private static readonly TimeSpan ClaimedFor = TimeSpan.FromSeconds(60);

    public async Task Run(HttpContext http, string pattern, RequestDelegate handle)
    {
        if (http.Request.Headers[KeyHeader] is not { Count: > 0 } named)
        {
            await handle(http);
            return;
        }

        if (named is not [{ Length: > 0 and <= LongestKey } key] || key.Any(c => c is < ' ' or > '~'))
        {
            await Problems.Invalid(KeyHeader, $"is 1 to {LongestKey} printable ASCII characters", "idempotency.key_invalid").ExecuteAsync(http);
            return;
        }

        var ct = http.RequestAborted;
        var request = new KeyedRequest(http, PersonOf(await Caller.BindAsync(http)), $"{http.Request.Method} {pattern}", key, await HashOf(http.Request, ct));
        if (await Replay(request, ct)) return;

        var claim = Guid.CreateVersion7(clock.GetUtcNow()).ToString("N");
        var claimKey = ClaimKey(service, request.Person, request.Route, key);
        if (!await Claim(claimKey, claim, ct))
        {
            http.Response.Headers.RetryAfter = "1";
            await Problems.Conflict("idempotency.in_flight", "The first request with this key is still being worked on.").ExecuteAsync(http);
            return;
        }

        try
        {
            // Whoever was at it may have come to an end since it was looked for.
            if (!await Replay(request, ct)) await Do(request, handle, ct);
        }
        finally
        {
            await GiveBack(claimKey, claim);
        }
    }

    internal static string ClaimKey(ServiceName service, Guid person, string route, string key) =>
        $"idempotency:{service}:{person:N}:{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{route}\n{key}")))}";

    private async Task Do(KeyedRequest request, RequestDelegate handle, CancellationToken ct)
    {
        KeyedRequest.Current = request;
        try
        {
            await handle(request.Http);
        }
        catch (AnsweredMeanwhile) when (!request.Http.Response.HasStarted)
        {
            if (!await Replay(request, ct)) throw;
        }
        finally
        {
            KeyedRequest.Current = null;
        }
    }

    /// <summary>Says what was said the first time, if there was one.</summary>
    private async Task<bool> Replay(KeyedRequest request, CancellationToken ct)
    {
        if (await Answer.Find(db, request, ct) is not { } first) return false;

        var http = request.Http;
        if (!request.Hash.AsSpan().SequenceEqual(first.RequestHash))
        {
            await Problems.Of(StatusCodes.Status422UnprocessableEntity, "idempotency.key_reused", "This key was used for another request. Make a new one for each intention.")
                .ExecuteAsync(http);
            return true;
        }

        http.Response.StatusCode = first.Status;
        http.Response.Headers[ReplayedHeader] = "true";
        if (first.Location is not null) http.Response.Headers.Location = first.Location;
        if (first.ContentType is not null) http.Response.ContentType = first.ContentType;
        if (first.Body.Length > 0) await http.Response.Body.WriteAsync(first.Body, ct);
        return true;
    }

    private async Task<bool> Claim(string key, string claim, CancellationToken ct)
    {
        try
        {
            return await redis.Set(key, Encoding.ASCII.GetBytes(claim), ClaimedFor, onlyIfNew: true, ct);
        }
        catch (DependencyDownException)
        {
            return true;
        }
    }

    private async Task GiveBack(string key, string claim)
    {
        try
        {
            await redis.Script(Release, [key], [claim], CancellationToken.None);
        }
        catch (DependencyDownException)
        {
            // It ends by itself.
        }
    }

    private static Guid PersonOf(Caller? caller) => caller switch
    {
        null => throw new InvalidOperationException("A key belongs to whoever is signed in: Idempotent() is not for public routes."),
        { IsService: true } => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(caller.Token.Subject)).AsSpan(0, 16)),
        _ => caller.Id,
    };

    /// <summary>Of all that says what is asked for: where, in which studio, and what.</summary>
    private static async Task<byte[]> HashOf(HttpRequest request, CancellationToken ct)
    {
        request.EnableBuffering();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method}\n{request.Path}{request.QueryString}\n{request.Headers["X-Studio-Id"]}\n"));
        var buffer = new byte[16 * 1024];
        while (await request.Body.ReadAsync(buffer, ct) is > 0 and var count) hash.AppendData(buffer.AsSpan(0, count));
        request.Body.Position = 0;
        return hash.GetHashAndReset();
    }
}
