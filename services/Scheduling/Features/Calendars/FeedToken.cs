using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FitFlow.ServiceDefaults;

namespace FitFlow.Scheduling.Features.Calendars;

/// What makes an address a secret: 256 random bits to give away, and their hash to keep. Plain SHA-256 is enough, nobody guesses them.
internal static class FeedToken
{
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}

/// Where the world finds a feed: behind the public address of everything.
internal sealed class FeedAddress(IConfiguration configuration)
{
    private readonly string _web = configuration["Web:Address"] is { Length: > 0 } web && Uri.TryCreate(web, UriKind.Absolute, out _)
        ? web.TrimEnd('/')
        : throw new CannotStartException("Web__Address is not set: the addresses of calendars lead there.");

    public string Of(string token) => $"{_web}/api/v1/calendar/feeds/{token}.ics";

    /// By this name of the scheme a phone opens its calendar and subscribes.
    public static string Webcal(string address) => $"webcal{address[address.IndexOf(':', StringComparison.Ordinal)..]}";
}
