using System.Collections.Frozen;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;

namespace FitFlow.Identity.Features.Services;

/// The secrets that services show (`ServiceTokens:Clients:{name}:{n}`), kept as hashes: of each service one, or two while they are being changed.
/// Who is wrong too often is not listened to for a while; who is right always is, so that nobody can be locked out by others.
internal sealed partial class ServiceSecrets : IDisposable
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private const int WrongPerWindow = 10;

    private static readonly byte[][] OfNobody = [RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes)];

    private readonly FrozenDictionary<string, byte[][]> _hashes;
    private readonly ILogger<ServiceSecrets> _log;

    private readonly PartitionedRateLimiter<(string Service, IPAddress? From)> _wrong = PartitionedRateLimiter.Create<(string Service, IPAddress? From), (string, IPAddress?)>(
        from => RateLimitPartition.GetFixedWindowLimiter(from, _ => new FixedWindowRateLimiterOptions { PermitLimit = WrongPerWindow, Window = Window }));

    public ServiceSecrets(IConfiguration configuration, ILogger<ServiceSecrets> log)
    {
        _log = log;
        _hashes = configuration.GetSection("ServiceTokens:Clients").GetChildren().ToFrozenDictionary(
            service => service.Key,
            service => service.GetChildren().Where(secret => !string.IsNullOrEmpty(secret.Value)).Select(secret => Hash(secret.Value!)).ToArray(),
            StringComparer.Ordinal);
    }

    public enum Outcome
    {
        Right,
        Wrong,
        WrongTooOften,
    }

    public Outcome Try(string service, string secret, IPAddress? from)
    {
        if (Fits(service, secret)) return Outcome.Right;
        using var lease = _wrong.AttemptAcquire((service, from));
        LogWrong(service, from);
        return lease.IsAcquired ? Outcome.Wrong : Outcome.WrongTooOften;
    }

    public void Dispose() => _wrong.Dispose();

    /// An unknown service takes as long as a wrong secret, and every secret as long as every other.
    private bool Fits(string service, string secret)
    {
        var given = Hash(secret);
        return _hashes.GetValueOrDefault(service, OfNobody).Aggregate(seed: false, (fits, hash) => CryptographicOperations.FixedTimeEquals(hash, given) | fits);
    }

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    [LoggerMessage(LogLevel.Warning, "{From} asked for the token of service {Service} with a wrong secret")]
    private partial void LogWrong(string service, IPAddress? from);
}
