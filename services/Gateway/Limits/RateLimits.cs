using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using FitFlow.ServiceDefaults;

namespace FitFlow.Gateway.Limits;

/// How often somebody may call. Whoever guesses passwords is counted by address, signed in or not; everybody else as the person they are.
internal sealed class RateLimits
{
    private const string ByAddress = "anonymous";
    private const string ByPerson = "signed_in";
    private const string ByFeed = "feed";
    private const string ByFeedReader = "feed_reader";

    /// The part of the route that says which calendar it is.
    public const string Feed = "feed";

    private readonly RequestDelegate _next;
    private readonly Budgets _budgets;
    private readonly RateLimitOptions _options;
    private readonly Counter<long> _refused;

    public RateLimits(RequestDelegate next, Budgets budgets, RateLimitOptions options, IMeterFactory meters)
    {
        (_next, _budgets, _options) = (next, budgets, options);
        _refused = meters.Create("FitFlow.Gateway").CreateCounter<long>("fitflow.gateway.limited", description: "Requests refused for coming too often, by policy");
    }

    public async Task InvokeAsync(HttpContext http)
    {
        // An answer says one limit: that which refuses, or the last.
        (RateLimit Limit, Verdict Verdict)? said = null;
        foreach (var (policy, limit, who) in Find(http))
        {
            var verdict = await _budgets.Take($"limits:{policy}:{who}", limit, http.RequestAborted);
            if (said is null) http.Response.OnStarting(() => Say(http.Response.Headers, said!.Value.Limit, said.Value.Verdict));
            said = (limit, verdict);
            if (verdict.Allowed) continue;

            _refused.Add(1, new KeyValuePair<string, object?>("policy", policy));
            http.Response.Headers.RetryAfter = Seconds(verdict.Reset);
            await Problems.Of(StatusCodes.Status429TooManyRequests, "too_many_requests", $"Too many requests. Try again in {Seconds(verdict.Reset)} seconds.").ExecuteAsync(http);
            return;
        }

        await _next(http);
    }

    /// By what this request is counted, one after the other.
    private IReadOnlyList<(string Policy, RateLimit Limit, string Who)> Find(HttpContext http)
    {
        var counted = http.GetEndpoint()?.Metadata.GetMetadata<Counted>();
        if (counted == Counted.ByAddress) return [(ByAddress, _options.Anonymous, Name(http.Connection.RemoteIpAddress))];
        if (counted == Counted.ByFeed) return [(ByFeedReader, _options.FeedReader, Name(http.Connection.RemoteIpAddress)), (ByFeed, _options.Feed, NameOfFeed(http))];
        return counted == Counted.ByPerson && http.Features.Get<Caller>() is { } caller ? [(ByPerson, _options.SignedIn, caller.Token.Subject)] : [];
    }

    /// The address is a secret: Redis does not learn it.
    private static string NameOfFeed(HttpContext http) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(http.GetRouteValue(Feed) as string ?? "")).AsSpan(0, 16));

    /// Who has one address of IPv6 mostly has 2^64 of them.
    internal static string Name(IPAddress? address) => address switch
    {
        null => "unknown",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => new IPNetwork(new IPAddress([.. address.GetAddressBytes().AsSpan(0, 8), .. new byte[8]]), 64).ToString(),
        _ => address.ToString(),
    };

    private static Task Say(IHeaderDictionary headers, RateLimit limit, Verdict verdict)
    {
        headers["RateLimit-Limit"] = limit.Limit.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Remaining"] = verdict.Remaining.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Reset"] = Seconds(verdict.Reset);
        headers["RateLimit-Policy"] = $"{limit.Limit};w={(long)limit.Window.TotalSeconds}";
        return Task.CompletedTask;
    }

    private static string Seconds(TimeSpan time) => ((long)Math.Max(Math.Ceiling(time.TotalSeconds), 1)).ToString(CultureInfo.InvariantCulture);
}

internal static class RateLimitSetup
{
    public static void AddRateLimits(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(services => Check(services.GetRequiredService<IConfiguration>().GetSection("RateLimits").Get<RateLimitOptions>() ?? new RateLimitOptions()));
        builder.Services.AddSingleton<Budgets>();
    }

    private static RateLimitOptions Check(RateLimitOptions options) =>
        new[] { options.Anonymous, options.SignedIn, options.Feed, options.FeedReader }.All(limit => limit.Limit > 0 && limit.Window >= TimeSpan.FromSeconds(1))
            ? options
            : throw new CannotStartException("RateLimits: each Limit is at least 1, each Window at least 00:00:01.");
}
