using System.Security.Cryptography;
using System.Text;
using FitFlow.ServiceDefaults;

namespace FitFlow.Data.Idempotency;

/// <summary>Who is at work on a key, in Redis: it saves work and decides nothing. Without Redis all begin, and one commits.</summary>
internal sealed class Claims(Redis redis, ServiceName service, TimeProvider clock)
{
    private const string Release = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

    /// <summary>Longer than any request may take: it only matters when the process died that was at it.</summary>
    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(60);

    /// <summary>Null when somebody else has it.</summary>
    public async Task<Claim?> Take(KeyedRequest request, CancellationToken ct)
    {
        var (key, mine) = (KeyOf(request.Person, request.Route, request.Key), Guid.CreateVersion7(clock.GetUtcNow()).ToString("N"));
        try
        {
            return await redis.Set(key, Encoding.ASCII.GetBytes(mine), GoodFor, onlyIfNew: true, ct) ? new Claim(redis, key, mine) : null;
        }
        catch (DependencyDownException)
        {
            return new Claim(redis, key, mine);
        }
    }

    public string KeyOf(Guid person, string route, string key) =>
        $"idempotency:{service}:{person:N}:{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{route}\n{key}")))}";

    internal sealed class Claim(Redis redis, string key, string mine) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await redis.Script(Release, [key], [mine], CancellationToken.None);
            }
            catch (DependencyDownException)
            {
                // It ends by itself.
            }
        }
    }
}
